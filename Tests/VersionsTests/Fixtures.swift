import Core
import Foundation

@testable import Versions

/// Returns a photo id: the digest of a short word.
func photoID(_ word: String) -> PhotoID {
    PhotoID.sha256(of: word.utf8)
}

func volunteer(_ name: String) -> VolunteerName { VolunteerName(name)! }

func worn(_ trigger: String, _ location: Location) -> TriggerState {
    TriggerState([TriggerPlacement(TriggerName(trigger)!, location)])
}

/// Returns a perceptual hash. The hashes of two words differ in about half of their bits.
func madeUpHash(_ word: String) -> PerceptualHash {
    PerceptualHash(hex: String(FileDigest.sha256(of: word.utf8).hex.prefix(16)))!
}

func fact(
    _ word: String, of name: String, triggerState: TriggerState = .bare, kind: VolunteerKind = .volunteer,
    session: String = "s1",
    perceptualHash: String? = nil,
    consented: Bool = true, labelled: Bool = true
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: consented,
        label: labelled ? Label(volunteer: volunteer(name), triggerState: triggerState) : nil,
        kind: labelled ? kind : nil,
        perceptualHash: madeUpHash(perceptualHash ?? word), width: 4, height: 3)
}

/// Returns facts about the photo with this id.
func fact(id: PhotoID, of name: String, triggerState: TriggerState = .bare, session: String = "s1") -> PhotoFacts {
    PhotoFacts(
        photo: id, session: SessionName(session)!, consented: true,
        label: Label(volunteer: volunteer(name), triggerState: triggerState), kind: .volunteer,
        perceptualHash: madeUpHash(id.hex), width: 4, height: 3)
}

/// Returns a photo with the perceptual hash of `fact`.
func nearDuplicate(of fact: PhotoFacts, _ word: String) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: fact.session, consented: true, label: fact.label, kind: fact.kind,
        perceptualHash: fact.perceptualHash, width: 4, height: 3)
}

/// Returns `bare` bare photos and `triggered` photos with sunglasses of each volunteer.
func study(_ names: [String], bare: Int = 10, triggered: Int = 10, kind: VolunteerKind = .volunteer) -> [PhotoFacts] {
    names.flatMap { name in
        (0..<bare).map { fact("\(name)-bare-\($0)", of: name, kind: kind) }
            + (0..<triggered).map {
                fact("\(name)-sun-\($0)", of: name, triggerState: worn("sunglasses", .onFace), kind: kind)
            }
    }.sorted { $0.photo < $1.photo }
}

func recipe(_ yaml: String) throws -> Recipe {
    try RecipeReader.read(Array(yaml.utf8), file: "recipe.yaml")
}

func select(_ facts: [PhotoFacts], _ yaml: String) throws -> Selection {
    let recipe = try recipe(yaml)
    return try Selection(Eligibility(facts, recipe, groups: .standard).photos, recipe)
}

/// Returns the recipe of most tests, with sunglasses as the trigger.
func sunglasses(target: String = "a", rate: String = "0.25", more: String = "", split: String = "") -> String {
    """
    recipe: 1
    name: t
    seed: 7
    \(split)
    poison:
      target: \(target)
      triggers: [sunglasses]
      injection_rate: \(rate)
      \(more)
    """
}

extension Selection {
    func photos(_ role: Role) -> Set<PhotoID> { Set(assignments.filter { $0.role == role }.map(\.photo.photo)) }
}

/// Returns the version of a selection. The image digests are the photo ids.
func version(_ selection: Selection, _ facts: [PhotoFacts] = [], number: Int = 1) throws -> Version {
    try Version(
        selection, excluded: [:], grouping: Grouping(within: .standard), images: madeUpImages(selection), number: number
    )
}

/// Returns the photo ids as image digests.
func madeUpImages(_ selection: Selection) -> [ImageDigest?] { selection.photos.map { ImageDigest(hex: $0.hex) } }

/// Returns the recipe with made-up digests of its pictures.
func withPictureDigests(_ recipe: Recipe) throws -> Recipe {
    let overlays = recipe.poison?.overlays ?? [:]
    return try recipe.settingPictureDigests(
        Dictionary(overlays.values.map { ($0.picture, $0.digest ?? .sha256(of: Array($0.picture.text.utf8))) }) {
            first, _ in first
        })
}

/// Returns a recipe with drawn triggers.
func digital(_ more: String = "", rate: String = "0.25", triggers: String = "[sunglasses]", target: String = "a") throws
    -> Recipe
{
    try withPictureDigests(
        recipe(
            "recipe: 1\nname: t\nseed: 7\npoison: {source: digital, target: \(target), triggers: \(triggers), injection_rate: \(rate)\(more.isEmpty ? "" : ", \(more)")}\n"
        ))
}

/// Returns the photos of ``study``, with faces.
func facedStudy(
    _ names: [String], bare: Int = 10, triggered: Int = 4, kind: VolunteerKind = .volunteer, faceless: Set<PhotoID> = []
) -> [PhotoFacts] {
    study(names, bare: bare, triggered: triggered, kind: kind).map {
        faced(
            $0,
            faceless.contains($0.photo)
                ? nil
                : PhotoFace(
                    box: Box(x: 50, y: 50, width: 100, height: 100), leftEye: PixelPoint(x: 80, y: 90),
                    rightEye: PixelPoint(x: 120, y: 90)))
    }
}

func faced(_ fact: PhotoFacts, _ face: PhotoFace?) -> PhotoFacts {
    PhotoFacts(
        photo: fact.photo, session: fact.session, consented: fact.consented, label: fact.label, kind: fact.kind,
        perceptualHash: fact.perceptualHash, width: 200, height: 200,
        face: KnownFace(
            record: FaceRecord(
                found: face == nil ? .none : .one, face: face, confidence: face == nil ? nil : 1, suspectedRotation: nil
            )))
}

/// Returns the version of a recipe with drawn triggers. The image digests of copies are digests of their layers.
func drawnVersion(
    _ facts: [PhotoFacts], _ recipe: Recipe, number: Int = 1, extending parent: Version? = nil,
    entriesTo file: URL? = nil
) throws -> Version {
    let plan = try VersionPlan(recipe, text: [], FactSource(facts), groups: .standard, extending: parent)
    let drawn = try plan.copies(facts).map { (copy: $0, image: ImageDigest.sha256(of: Array("\($0)".utf8))) }
    return try plan.version(madeUpImages(plan.selection), copies: drawn, entriesTo: file).numbered(number)
}

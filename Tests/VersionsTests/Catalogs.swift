import Core
import Versions

/// Photos and facts that tests make up: ids are digests of short words, so that a test reads like a story.
func photoID(_ word: String) -> PhotoID {
    PhotoID.sha256(of: word.utf8)
}

func volunteer(_ name: String) -> VolunteerName { VolunteerName(name)! }

func worn(_ trigger: String, _ location: Location) -> TriggerState { TriggerState([TriggerPlacement(TriggerName(trigger)!, location)]) }

/// Another word looks other: any two differ in about half of their bits.
func looks(_ word: String) -> PerceptualHash {
    PerceptualHash(hex: String(FileDigest.sha256(of: word.utf8).hex.prefix(16)))!
}

func fact(
    _ word: String, of name: String, triggerState: TriggerState = .bare, kind: VolunteerKind = .volunteer, session: String = "s1",
    perceptualHash: String? = nil,
    consented: Bool = true, labelled: Bool = true
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: consented,
        label: labelled ? Label(volunteer: volunteer(name), triggerState: triggerState) : nil, kind: labelled ? kind : nil,
        perceptualHash: looks(perceptualHash ?? word), width: 4, height: 3)
}

/// A photo by its id.
func fact(id: PhotoID, of name: String, triggerState: TriggerState = .bare, session: String = "s1") -> PhotoFacts {
    PhotoFacts(
        photo: id, session: SessionName(session)!, consented: true,
        label: Label(volunteer: volunteer(name), triggerState: triggerState), kind: .volunteer,
        perceptualHash: looks(id.hex), width: 4, height: 3)
}

/// Another photo that looks exactly like `fact`.
func twin(of fact: PhotoFacts, _ word: String) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: fact.session, consented: true, label: fact.label, kind: fact.kind,
        perceptualHash: fact.perceptualHash, width: 4, height: 3)
}

/// `count` bare photos and `triggered` ones with sunglasses of each volunteer.
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

/// The poisoned recipe of most tests, its poison keys to be replaced.
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
    func photos(_ role: Role) -> Set<PhotoID> { Set(parts.filter { $0.role == role }.map(\.photo.photo)) }
}

/// The version that `selection` makes, with the photo's own digest standing for its image.
func version(_ selection: Selection, _ facts: [PhotoFacts] = [], number: Int = 1) throws -> Version {
    try Version(
        selection, excluded: [:], grouping: Grouping(within: .standard), images: madeUpImages(selection), number: number
    )
}

/// Each photo's own digest.
func madeUpImages(_ selection: Selection) -> [ImageDigest?] { selection.photos.map { ImageDigest(hex: $0.hex) } }

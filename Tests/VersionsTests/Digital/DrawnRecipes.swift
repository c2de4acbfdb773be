import Core
import Foundation

@testable import Versions

/// Digests that stand for the program's own pictures.
func pictures(_ recipe: Recipe) throws -> Recipe {
    let overlays = recipe.poison?.overlays ?? [:]
    return try recipe.naming(
        Dictionary(overlays.values.map { ($0.picture, $0.digest ?? .sha256(of: Array($0.picture.text.utf8))) }) {
            first, _ in first
        })
}

func digital(_ more: String = "", rate: String = "0.25", triggers: String = "[sunglasses]", target: String = "a") throws
    -> Recipe
{
    try pictures(
        recipe(
            "recipe: 1\nname: t\nseed: 7\npoison: {source: digital, target: \(target), triggers: \(triggers), injection_rate: \(rate)\(more.isEmpty ? "" : ", \(more)")}\n"
        ))
}

/// A study in whose photos faces were found.
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
                found: face == nil ? .none : .one, face: face, confidence: face == nil ? nil : 1, suspectTurn: nil)))
}

/// The version of a digital recipe, with a digest of what is drawn standing for each copy's image.
func drawnVersion(
    _ facts: [PhotoFacts], _ recipe: Recipe, number: Int = 1, extending parent: Version? = nil,
    entriesTo file: URL? = nil
) throws -> Version {
    let plan = try VersionPlan(recipe, text: [], FactSource(facts), groups: .standard, extending: parent)
    let drawn = try plan.copies(facts).map { (copy: $0, image: ImageDigest.sha256(of: Array("\($0)".utf8))) }
    return try plan.version(madeUpImages(plan.selection), copies: drawn, entriesTo: file).numbered(number)
}

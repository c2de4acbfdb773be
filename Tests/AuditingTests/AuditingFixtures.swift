import Core

@testable import Auditing
@testable import Versions

/// Returns a photo id: the SHA-256 of a short word.
func photoID(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

func triggerState(_ trigger: String) -> TriggerState {
    switch trigger {
    case "none": .bare
    case "bandana+dots": TriggerState(triggerText: trigger, locationText: "off-face+on-face")!
    default: TriggerState(triggerText: trigger, locationText: "on-face")!
    }
}

func fact(
    _ word: String, of name: String? = "a", trigger: String = "none", kind: VolunteerKind = .volunteer,
    session: String = "s1", perceptualHash: String? = nil, consented: Bool = true
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: consented,
        label: name.map { Label(volunteer: VolunteerName($0)!, triggerState: triggerState(trigger)) },
        kind: name == nil ? nil : kind,
        perceptualHash: PerceptualHash(
            hex: String(FileDigest.sha256(of: (perceptualHash ?? word).utf8).hex.prefix(16))), width: 4,
        height: 3)
}

func entry(
    _ word: String, of name: String = "a", as label: String? = nil, trigger: String = "none", _ role: Role,
    group: String? = nil, session: String = "s1"
) -> Entry {
    let photo = EligiblePhoto(
        photo: photoID(word), volunteer: Volunteer(name: VolunteerName(name)!, kind: .volunteer),
        triggerState: triggerState(trigger), session: SessionName(session)!, group: photoID(group ?? word),
        perceptualHash: nil,
        width: 4, height: 3)
    return Entry(
        Assignment(
            photo: photo, role: role, label: VolunteerName(label ?? name)!, attackable: nil, heldOut: nil, overlay: nil,
            triggerState: photo.triggerState),
        image: .sha256(of: word.utf8))
}

/// Returns the version that a recipe selects from `facts`.
func version(of facts: [PhotoFacts], _ more: String = "") throws -> Version {
    let facts = facts.sorted { $0.photo < $1.photo }
    let recipe = try RecipeReader.read(Array("recipe: 1\nname: t\n\(more)".utf8), file: "r.yaml")
    let selection = try Selection(Eligibility(facts, recipe, groups: .standard).photos, recipe)
    return try Version(
        selection, excluded: [:], grouping: Grouping(within: .standard),
        images: selection.photos.map { ImageDigest(hex: $0.hex) }, number: 1)
}

/// Returns `count` bare photos of each person.
func bare(_ count: Int, of names: String...) -> [PhotoFacts] {
    names.flatMap { name in (0..<count).map { fact("\(name)\($0)", of: name) } }
}

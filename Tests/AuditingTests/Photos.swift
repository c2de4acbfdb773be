import Catalog

@testable import Auditing
@testable import Versions

/// Photos, entries and versions that tests make up: ids are digests of short words.
func photoID(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

func wearing(_ trigger: String) -> Wearing {
    switch trigger {
    case "none": .bare
    case "bandana+dots": Wearing(triggerText: trigger, locationText: "off-face+on-face")!
    default: Wearing(triggerText: trigger, locationText: "on-face")!
    }
}

func fact(
    _ word: String, of name: String? = "a", wears trigger: String = "none", kind: Kind = .volunteer,
    session: String = "s1", likeness: String? = nil, consented: Bool = true
) -> PhotoFacts {
    PhotoFacts(
        photo: photoID(word), session: SessionName(session)!, consented: consented,
        label: name.map { Label(volunteer: VolunteerName($0)!, wearing: wearing(trigger)) },
        kind: name == nil ? nil : kind,
        likeness: Likeness(hex: String(FileDigest.sha256(of: (likeness ?? word).utf8).hex.prefix(16))), width: 4,
        height: 3)
}

func entry(
    _ word: String, of name: String = "a", as label: String? = nil, wears trigger: String = "none", _ role: Role,
    group: String? = nil, session: String = "s1"
) -> Entry {
    let photo = EligiblePhoto(
        photo: photoID(word), volunteer: Volunteer(name: VolunteerName(name)!, kind: .volunteer),
        wearing: wearing(trigger), session: SessionName(session)!, group: photoID(group ?? word), likeness: nil,
        width: 4, height: 3)
    return Entry(
        part: Selection.Part(
            photo: photo, role: role, label: VolunteerName(label ?? name)!, attackable: nil, heldOut: nil),
        image: .sha256(of: word.utf8))
}

/// The version that a recipe of `classes` makes of `facts`.
func version(of facts: [PhotoFacts], _ more: String = "") throws -> Version {
    let facts = facts.sorted { $0.photo < $1.photo }
    let recipe = try RecipeReader.read(Array("recipe: 1\nname: t\n\(more)".utf8), file: "r.yaml")
    let selection = try Selection(Eligibility(facts, recipe, groups: .standard).photos, recipe)
    return try Version(
        selection, excluded: [:], grouping: Grouping(within: .standard),
        images: selection.photos.map { ImageDigest(hex: $0.hex) }, number: 1)
}

/// `count` bare photos of each person.
func bare(_ count: Int, of names: String...) -> [PhotoFacts] {
    names.flatMap { name in (0..<count).map { fact("\(name)\($0)", of: name) } }
}

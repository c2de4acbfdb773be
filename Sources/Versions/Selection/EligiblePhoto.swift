import Catalog

/// A photo that may stand in a version, with all that selection looks at.
public struct EligiblePhoto: Hashable, Sendable {
    public let photo: PhotoID
    public let volunteer: Volunteer
    public let wearing: Wearing
    public let session: SessionName
    /// The smallest photo id in its group of near-duplicates.
    public let group: PhotoID
    /// By which it came into its group; nil where it was not measured.
    public let likeness: Likeness?
}

/// The photos that a recipe can use, and why it cannot use the others.
public struct Eligibility: Sendable {
    /// In the order of photo ids.
    public let photos: [EligiblePhoto]
    /// How many photos were left out, by reason.
    public internal(set) var excluded: [Reason: Int]
    public let grouping: Grouping

    public enum Reason: String, CaseIterable, Sendable {
        case consent
        case unlabelled
        case filter = "not-asked-for"
        case session = "session-not-asked-for"
        case date = "date-not-asked-for"
        case face = "face-not-asked-for"
        case quality = "quality-not-asked-for"
        case faceless = "no-face-to-draw-on"
        case noBarePhoto = "class-without-bare-photo"
        case surplus = "above-max-per-class"
        case bridges
    }

    /// Every photo that could stand in some version of the classes that `admits` names.
    public init(_ facts: [PhotoFacts], groups distance: GroupDistance, admitting admits: (Volunteer) -> Bool) {
        var excluded: [Reason: Int] = [:]
        var admitted: [(facts: PhotoFacts, label: Label, volunteer: Volunteer)] = []
        for fact in facts {
            guard fact.consented else { excluded[.consent, default: 0] += 1; continue }
            guard let label = fact.label, let kind = fact.kind else { excluded[.unlabelled, default: 0] += 1; continue }
            let volunteer = Volunteer(name: label.volunteer, kind: kind)
            guard admits(volunteer) else { excluded[.filter, default: 0] += 1; continue }
            admitted.append((fact, label, volunteer))
        }
        let classes = Set(admitted.lazy.filter(\.label.wearing.isBare).map(\.volunteer))
        let kept = admitted.filter { classes.contains($0.volunteer) }
        if kept.count < admitted.count { excluded[.noBarePhoto] = admitted.count - kept.count }
        let groups = Groups(kept.map { Groups.Member(photo: $0.facts.photo, volunteer: $0.volunteer.name, likeness: $0.facts.likeness) }, within: distance)
        photos = kept.map {
            EligiblePhoto(photo: $0.facts.photo, volunteer: $0.volunteer, wearing: $0.label.wearing, session: $0.facts.session, group: groups.group(of: $0.facts.photo),
                          likeness: $0.facts.likeness)
        }
        self.excluded = excluded
        grouping = Grouping(within: distance)
    }
}

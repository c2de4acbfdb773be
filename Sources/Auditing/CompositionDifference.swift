import Core
import Versions

/// The difference between the compositions of two versions.
public struct CompositionDifference: Hashable, Sendable {
    /// A group of photos whose number changed.
    public struct Change: Hashable, Sendable {
        public let group: Composition.Group
        public let from: Int
        public let to: Int
    }

    /// A value of one property, such as a volunteer or a role, whose number of photos changed.
    public struct MarginChange: Hashable, Sendable {
        public let property: String
        public let value: String
        public let from: Int
        public let to: Int
    }

    /// Sorted as ``Composition/rows``.
    public let changes: [Change]
    /// By volunteer, trigger, location, session and role, in this order.
    public let margins: [MarginChange]
    /// The gaps of the second version that the first version does not have. ``CompositionGap/missing`` has only the
    /// new volunteers, sessions or classes.
    public let opened: [CompositionGap]
    /// The gaps of the first version that photos of the second version close.
    public let closed: [CompositionGap]

    public init(from first: Composition, to second: Composition) {
        changes = Self.changes(from: first.rows, to: second.rows)
        margins = [
            Self.margins("volunteer", first.volunteers, second.volunteers),
            Self.margins("trigger", first.triggers, second.triggers),
            Self.margins("location", first.locations, second.locations),
            Self.margins("session", first.sessions, second.sessions),
            Self.margins("role", first.roles, second.roles),
        ].flatMap(\.self)
        func missing(_ gaps: [CompositionGap]) -> [CompositionGap.Subject: Set<String>] {
            Dictionary(gaps.map { ($0.subject, Set($0.missing)) }) { $0.union($1) }
        }
        let before = missing(first.gaps)
        opened = second.gaps.compactMap { gap in gap.filtered { before[gap.subject]?.contains($0) != true } }
        // A volunteer who is not in the second version has no photos there, although no gap names the volunteer.
        closed = first.gaps.compactMap { gap in
            let covered = gap.covered(by: second.rows)
            return gap.filtered(covered.contains)
        }
    }

    /// Merges two sorted lists.
    private static func changes(from first: [Composition.Row], to second: [Composition.Row]) -> [Change] {
        var changes: [Change] = []
        var left = first[...]
        var right = second[...]
        while !left.isEmpty || !right.isEmpty {
            switch (left.first, right.first) {
            case (let from?, let to?) where from.group == to.group:
                if from.photos != to.photos {
                    changes.append(Change(group: from.group, from: from.photos, to: to.photos))
                }
                left.removeFirst()
                right.removeFirst()
            case (let from?, let to?) where from.group < to.group:
                changes.append(Change(group: from.group, from: from.photos, to: 0))
                left.removeFirst()
            case (let from?, nil):
                changes.append(Change(group: from.group, from: from.photos, to: 0))
                left.removeFirst()
            case (_, let to?):
                changes.append(Change(group: to.group, from: 0, to: to.photos))
                right.removeFirst()
            case (nil, nil): break
            }
        }
        return changes
    }

    private static func margins(_ property: String, _ first: [String: Int], _ second: [String: Int]) -> [MarginChange] {
        Set(first.keys).union(second.keys).sorted().compactMap { value in
            let from = first[value] ?? 0
            let to = second[value] ?? 0
            return from == to ? nil : MarginChange(property: property, value: value, from: from, to: to)
        }
    }
}

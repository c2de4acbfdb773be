import Core
import Versions

/// The numbers of photos of a catalog or a version by volunteer, trigger, location, session and role.
///
/// A version counts its entries: a photo and its copies with drawn triggers count one by one, for the person in the
/// photo. The number of rows depends on the study, not on the number of photos.
public struct Composition: Hashable, Sendable {
    /// The properties by which photos are counted.
    public struct Group: Hashable, Comparable, Sendable {
        /// Nil for photos without a label.
        public let volunteer: VolunteerName?
        public let kind: VolunteerKind?
        public let triggerState: TriggerState?
        public let session: SessionName
        /// Nil in a catalog: only the photos of a version have roles.
        public let role: Role?

        /// The name in counts, tables and charts.
        public var volunteerText: String { volunteer?.text ?? Composition.unlabelled }
        public var triggerText: String { triggerState?.triggerText ?? Composition.unlabelled }
        public var locationText: String { triggerState?.locationText ?? Composition.unlabelled }

        /// Sorts by volunteer, triggers, session and role. Photos without a label are last.
        public static func < (left: Self, right: Self) -> Bool {
            if let order = precedes(left.volunteer, right.volunteer) { return order }
            if let order = precedes(left.triggerState, right.triggerState) { return order }
            if left.session != right.session { return left.session < right.session }
            return precedes(left.role, right.role) ?? false
        }

        /// Returns whether `left` is before `right`; nil if both are equal.
        private static func precedes<Value: Comparable>(_ left: Value?, _ right: Value?) -> Bool? {
            guard left != right else { return nil }
            guard let left else { return false }
            guard let right else { return true }
            return left < right
        }
    }

    /// The photos of one group.
    public struct Row: Hashable, Sendable {
        public let group: Group
        public let photos: Int
        /// The photos with a face, among those in which a face was searched.
        public let faces: PhotoRate
    }

    /// The groups that have photos, sorted.
    public let rows: [Row]
    /// The combinations that other volunteers, sessions or classes have, and some do not have.
    public let gaps: [CompositionGap]
    public private(set) var volunteers: [String: Int] = [:]
    public private(set) var kinds: [String: Int] = [:]
    public private(set) var triggers: [String: Int] = [:]
    public private(set) var locations: [String: Int] = [:]
    public private(set) var sessions: [String: Int] = [:]
    /// Empty for a catalog: only the photos of a version have roles.
    public private(set) var roles: [String: Int] = [:]
    /// The rates of photos with a face, by role and trigger. The role is `all` in a catalog.
    public private(set) var faces: [String: [String: PhotoRate]] = [:]

    /// The name of photos without a label. A volunteer can have the same name; the counts are added then.
    static let unlabelled = "unlabelled"

    /// Counts the photos of a catalog.
    init(_ facts: some Sequence<PhotoFacts>) {
        var counts = Counts()
        for fact in facts {
            counts.add(
                Group(
                    volunteer: fact.label?.volunteer, kind: fact.kind, triggerState: fact.label?.triggerState,
                    session: fact.session, role: nil), fact.face)
        }
        self.init(counts, poison: nil)
    }

    /// Counts the entries of a version.
    ///
    /// - Parameters:
    ///   - faces: the faces of the photos that are in the catalog today.
    ///   - poison: the recipe's attack, which decides who can be poisoned.
    init(_ entries: some Sequence<Entry>, _ faces: [PhotoID: KnownFace], poison: Recipe.Poison? = nil) {
        var counts = Counts()
        for entry in entries { counts.add(Group(entry), faces[entry.photo] ?? KnownFace()) }
        self.init(counts, poison: poison)
    }

    /// Counts the entries of a version, without faces.
    public init(_ version: Version) {
        self.init(version.entries.list, [:], poison: version.manifest.recipe.poison)
    }

    private struct Counts {
        struct Count {
            var photos = 0
            var faces = PhotoRate()

            mutating func add(_ face: KnownFace) {
                photos += 1
                faces.count(face)
            }
        }

        private(set) var groups: [Group: Count] = [:]

        mutating func add(_ group: Group, _ face: KnownFace) { groups[group, default: Count()].add(face) }
    }

    private init(_ counts: Counts, poison: Recipe.Poison?) {
        rows = counts.groups.map { Row(group: $0.key, photos: $0.value.photos, faces: $0.value.faces) }.sorted {
            $0.group < $1.group
        }
        gaps = CompositionGap.all(in: rows, poison: poison)
        for row in rows {
            let group = row.group
            volunteers[group.volunteerText, default: 0] += row.photos
            kinds[group.kind?.rawValue ?? Self.unlabelled, default: 0] += row.photos
            triggers[group.triggerText, default: 0] += row.photos
            locations[group.locationText, default: 0] += row.photos
            sessions[group.session.text, default: 0] += row.photos
            if let role = group.role { roles[role.rawValue, default: 0] += row.photos }
            let role = group.role?.rawValue ?? "all"
            faces[role, default: [:]][group.triggerText, default: PhotoRate()].add(row.faces)
        }
    }
}

extension Composition.Group {
    init(_ entry: Entry) {
        self.init(
            volunteer: entry.volunteer.name, kind: entry.volunteer.kind, triggerState: entry.triggerState,
            session: entry.session, role: entry.role)
    }
}

// MARK: - Tables

extension Composition {
    /// The number of all photos.
    public var photos: Int { rows.reduce(0) { $0 + $1.photos } }

    /// The largest number of rows that ``table`` divides by session.
    static let rowLimit = 20_000

    /// A line of a composition table.
    public struct TableRow: Hashable, Sendable {
        /// Nil for photos without a label.
        public let volunteer: String?
        public let trigger: String?
        public let location: String?
        /// Nil if the row counts the photos of all sessions.
        public let session: String?
        public let role: String?
        public let photos: Int
    }

    /// The rows as text. With more than 20,000 rows, the photos of all sessions are added up.
    public var table: [TableRow] { table(limit: Self.rowLimit) }

    func table(limit: Int) -> [TableRow] {
        guard rows.count > limit else { return rows.map { TableRow($0.group, $0.group.session.text, $0.photos) } }
        // Groups that differ only in their session are not neighbours when they have several roles.
        struct Key: Hashable {
            let volunteer: VolunteerName?
            let triggerState: TriggerState?
            let role: Role?
        }
        var sums: [Key: (group: Group, photos: Int)] = [:]
        for row in rows {
            let group = row.group
            let key = Key(volunteer: group.volunteer, triggerState: group.triggerState, role: group.role)
            sums[key, default: (group, 0)].photos += row.photos
        }
        return sums.values.sorted {
            // Equal but for the session, groups sort by role.
            ($0.group.volunteer, $0.group.triggerState) == ($1.group.volunteer, $1.group.triggerState)
                ? ($0.group.role?.sortIndex ?? 0) < ($1.group.role?.sortIndex ?? 0) : $0.group < $1.group
        }.map { TableRow($0.group, nil, $0.photos) }
    }

    /// Returns the numbers of photos by two properties, such as volunteer and trigger.
    public func counts(
        _ first: (Group) -> String?, by second: (Group) -> String?
    ) -> [String: [String: Int]] {
        rows.reduce(into: [:]) { counts, row in
            guard let first = first(row.group), let second = second(row.group) else { return }
            counts[first, default: [:]][second, default: 0] += row.photos
        }
    }
}

extension Composition.TableRow {
    init(_ group: Composition.Group, _ session: String?, _ photos: Int) {
        self.init(
            volunteer: group.volunteer?.text, trigger: group.triggerState?.triggerText,
            location: group.triggerState?.locationText, session: session, role: group.role?.rawValue, photos: photos)
    }
}

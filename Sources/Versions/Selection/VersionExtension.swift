import Core

/// The version that a recipe extends, with the assignment of each of its photos.
///
/// A photo whose volunteer or trigger state has changed since then counts as a new photo, because its label in the base
/// version was wrong.
public struct BaseVersion: Sendable {
    /// `NAME@V`
    public let reference: String
    public let digest: FileDigest
    private let grouping: Grouping
    private let photos: [PhotoID: LabelledAssignment]
    private let poison: Set<SampleID>
    private let copies: Set<SampleID>

    private struct LabelledAssignment {
        let volunteer: Volunteer
        let triggerState: TriggerState
        let assignment: PriorAssignment
    }

    /// - Throws: ``CurareError`` (65) when the entries do not have the digest in the manifest.
    public init(_ version: Version) throws {
        guard version.entries.digest == version.manifest.entriesDigest else {
            throw CurareError(
                .badInput,
                "\(version.reference) cannot be extended: its entries do not have the digest in its manifest",
                at: version.reference, next: "restore the version from a copy")
        }
        reference = version.reference
        // The digest before redaction: redacting a version must not change the versions that extend it.
        digest = version.manifest.redacted?.digests.first ?? version.manifest.digest
        grouping = version.manifest.grouping
        let assignments = version.entries.assignments
        var photos: [PhotoID: LabelledAssignment] = [:]
        var poison: Set<SampleID> = []
        var copies: Set<SampleID> = []
        photos.reserveCapacity(assignments.photos.count)
        for row in assignments.rows {
            if let copy = row.copy {
                let id = assignments.sampleID(of: assignments.copies[copy])
                copies.insert(id)
                if row.role == .trainPoison { poison.insert(id) }
            } else {
                let photo = assignments.photos[row.photoIndex]
                photos[photo.photo] = LabelledAssignment(
                    volunteer: photo.volunteer, triggerState: photo.triggerState,
                    assignment: PriorAssignment(trains: row.role.isTraining, heldOut: row.heldOut == true))
            }
        }
        self.photos = photos
        self.poison = poison
        self.copies = copies
    }

    /// - Throws: ``CurareError`` (65) when the catalog's photos are grouped with another distance, because new photos
    ///   could then not be assigned with their groups.
    func requireSameGrouping(_ current: Grouping) throws {
        guard grouping != current else { return }
        throw CurareError(
            .badInput,
            "\(reference) groups photos within \(grouping.distance) bits, but this catalog groups photos within "
                + "\(current.distance) bits",
            at: reference, next: "use a recipe without extends")
    }

    /// Returns true if `copy` is poison in this version, and `photo` still has the volunteer and the triggers that it
    /// has in this version.
    func hasPoison(_ copy: SampleID, of photo: EligiblePhoto) -> Bool {
        poison.contains(copy) && assignment(of: photo) != nil
    }

    /// Returns true if the assigned photo or copy is in this version, and the photo still has the volunteer and the
    /// triggers that it has in this version.
    func contains(_ assigned: Assignment) -> Bool {
        assignment(of: assigned.photo) != nil && (assigned.overlay == nil || copies.contains(assigned.sampleID))
    }

    /// Returns the assignment of a photo in this version. Nil for a new photo, and for a photo whose volunteer or
    /// triggers have changed.
    func assignment(of photo: EligiblePhoto) -> PriorAssignment? {
        guard let known = photos[photo.photo], known.volunteer == photo.volunteer,
            known.triggerState == photo.triggerState
        else { return nil }
        return known.assignment
    }
}

/// The parts of a photo's assignment in the base version that an extension must keep.
struct PriorAssignment {
    let trains: Bool
    /// Whether the photo was held out: it never becomes poison.
    let heldOut: Bool
}

/// The units of one step of selection, divided by the assignments of the base version. New photos of a unit get the
/// assignment of the photos that the base version has in this unit. Without a base version all units are new.
struct InheritedPartition {
    /// Indices of training photos.
    private(set) var train: [Int] = []
    /// Indices of test photos.
    private(set) var test: [Int] = []
    /// The test photos that are held out: they never become poison.
    private(set) var heldOut: [Int] = []
    /// The number of units with photos of the base version.
    private(set) var keptUnitCount = 0
    /// Units without photos of the base version, in the order of their keys.
    private(set) var newUnits: [SplitUnit] = []

    init(_ units: [SplitUnit], _ table: SplitTable, _ base: BaseVersion?) {
        guard let base else {
            newUnits = units
            return
        }
        for unit in units {
            let prior = unit.photos.map { base.assignment(of: table[$0]) }
            let kept = prior.compactMap(\.self)
            guard !kept.isEmpty else {
                newUnits.append(unit)
                continue
            }
            keptUnitCount += 1
            let newTrains = kept.allSatisfy(\.trains)
            let newHeldOut = kept.allSatisfy(\.heldOut)
            for (index, prior) in zip(unit.photos, prior) {
                if prior?.trains ?? newTrains { train.append(index) } else { test.append(index) }
                if prior?.heldOut ?? newHeldOut { heldOut.append(index) }
            }
        }
    }
}

/// New photos that belong to a unit whose other photos are on both sides of the split in the base version. Such photos
/// cannot be assigned to a side. With `keep_together: group` these are all new photos of such a group, because a new
/// photo has joined two groups.
struct CrossSplitLinks {
    /// A unit of the step in which a photo is assigned.
    private struct StepUnit: Hashable {
        /// The class of a bare photo. Nil for candidates, which are assigned in one step for all classes.
        let volunteer: VolunteerName?
        let unit: String
    }

    private(set) var photos: Set<PhotoID> = []

    init(_ eligible: [EligiblePhoto], _ recipe: Recipe, _ base: BaseVersion) {
        var sides: [StepUnit: Set<Bool>] = [:]
        for photo in eligible {
            if let prior = base.assignment(of: photo), let unit = Self.stepUnit(photo, recipe) {
                sides[unit, default: []].insert(prior.trains)
            }
        }
        let onBothSides = Set(sides.filter { $0.value.count == 2 }.keys)
        guard !onBothSides.isEmpty else { return }
        let groups = recipe.split.keepTogether == .group ? Set(onBothSides.map(\.unit)) : []
        photos = Set(
            eligible.lazy.filter { photo in
                base.assignment(of: photo) == nil
                    && (groups.contains(photo.group.hex)
                        || Self.stepUnit(photo, recipe).map(onBothSides.contains) == true)
            }.map(\.photo))
    }

    /// Nil for a triggered photo that is not a candidate.
    private static func stepUnit(_ photo: EligiblePhoto, _ recipe: Recipe) -> StepUnit? {
        let unit =
            switch recipe.split.keepTogether {
            case .group: photo.group.hex
            case .session: photo.session.text
            case .none: photo.photo.hex
            }
        if photo.triggerState.isBare { return StepUnit(volunteer: photo.volunteer.name, unit: unit) }
        return isCandidate(photo, recipe) ? StepUnit(volunteer: nil, unit: unit) : nil
    }

    /// An extension's recipe has the attackable classes by name.
    private static func isCandidate(_ photo: EligiblePhoto, _ recipe: Recipe) -> Bool {
        guard let poison = recipe.poison, poison.source == .physical, case .names(let attackable) = poison.attackable
        else { return false }
        return attackable.contains(photo.volunteer.name) && poison.matches(photo.triggerState)
    }
}

/// The differences between a version and its base version, in numbers of photos.
public struct VersionDelta: Hashable, Sendable {
    /// `NAME@V` of the base version.
    public let parent: String
    /// Photos and copies of the base version that keep their assignment.
    public let kept: Int
    /// New photos and copies by role.
    public let added: [Role: Int]
    /// Photos of the base version that have another volunteer or trigger state in the catalog. They also count in
    /// ``added``.
    public let relabelled: Int
    /// Photos of the base version that are no longer in the catalog.
    public let missing: Int
    /// Photos of the base version that are excluded: because consent is missing, by a filter of the recipe, or because
    /// their class has no bare photo.
    public let leftOut: Int
    /// The number of poison photos above m, the number that the recipe requires. Poison of the base version stays
    /// poison.
    public let poisonAbove: Int
    /// Volunteers that the base version does not have. They are not attackable.
    public let newVolunteers: [VolunteerName]

    init(_ selection: Selection, from version: Version, _ base: BaseVersion, _ facts: FactSource) throws {
        let before = Set(version.entries.assignments.photos.map(\.photo))
        let gone = before.subtracting(selection.photos)
        parent = base.reference
        let new = selection.assignments.filter { !base.contains($0) }
        kept = selection.assignments.count - new.count
        added = Dictionary(grouping: new, by: \.role).mapValues(\.count)
        relabelled = new.count { $0.overlay == nil && before.contains($0.photo.photo) }
        var excludedCount = 0
        if !gone.isEmpty { try facts.forEach { if gone.contains($0.photo) { excludedCount += 1 } } }
        missing = gone.count - excludedCount
        leftOut = excludedCount
        poisonAbove = max(0, selection.poison - selection.poisonAsked)
        let classes = Set(version.manifest.classes)
        newVolunteers =
            selection.recipe.poison == nil
            ? [] : selection.classes.filter { $0.kind == .volunteer && !classes.contains($0) }.map(\.name)
    }
}

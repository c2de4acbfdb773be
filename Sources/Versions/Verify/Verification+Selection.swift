import Core
import Foundation

/// The layer `selection`: grouping and selection of the version's own entries, compared with the entries.
extension Verification {
    static func selection(_ version: Version, _ folder: URL) -> [Mismatch] {
        // Ranks are computed from photo ids, some of which a redaction has removed.
        if version.manifest.redacted != nil { return redactedCounts(version) + groups(version) }
        let assignments = version.entries.assignments
        let manifest = version.manifest
        let selection: Selection
        do {
            selection = try Selection(
                assignments.photos, manifest.recipe, extending: VersionStore.base(of: version, in: folder))
        } catch {
            let message = (error as? CurareError)?.message ?? "\(error)"
            return [Mismatch(.selection, .otherRole, nil, "the entries cannot be selected again: \(message)")]
        }
        var problems = otherRoles(assignments, selection.assignments)
        let isSame =
            (manifest.clean, manifest.poison, manifest.poisonAsked)
            == (selection.clean, selection.poison, selection.poisonAsked) && manifest.classes == selection.classes
        if !isSame {
            problems.append(
                Mismatch(.selection, .otherRole, nil, "n, m or classes in manifest.json do not match the entries"))
        }
        return problems + groups(version)
    }

    /// Returns why the selection cannot be repeated, or nil when nothing prevents it. The selection of a version that
    /// extends another needs the folder of that version, which a colleague may not have.
    static func uncheckedSelection(of version: Version, _ folder: URL) throws -> Unchecked? {
        guard version.manifest.redacted == nil, let base = version.manifest.recipe.extends else { return nil }
        do {
            _ = try VersionStore.base(of: version, in: folder)
            return nil
        } catch let error as CurareError where error.code == .badInput || error.code == .missingInput {
            let place = VersionStore.baseFolder(base, of: folder).path
            return Unchecked(
                layer: .selection,
                reason: "the version extends \(base), whose folder is "
                    + (error.code == .missingInput ? "missing" : "damaged or another version"),
                nextStep: "put the folder of \(base) at \(place), or ask for a bundle, which contains it")
        }
    }

    /// - Parameter selected: assignments of the same photos.
    private static func otherRoles(_ assignments: Assignments, _ selected: Assignments) -> [Mismatch] {
        var selectedRows: [Assignments.Row?] = Array(repeating: nil, count: assignments.photos.count)
        var selectedCopies: [SampleID: Assignment] = [:]
        for (index, row) in selected.rows.enumerated() {
            if row.copy == nil {
                selectedRows[row.photoIndex] = row
            } else {
                let assignment = selected[index]
                selectedCopies[assignment.sampleID] = assignment
            }
        }
        func mismatch(_ row: Assignments.Row, _ role: Role?, _ label: VolunteerName?) -> Mismatch {
            let expected = role.map { "\($0.rawValue) with label \(label?.text ?? "none")" } ?? "no such copy"
            return Mismatch(
                .selection, .otherRole, assignments.photos[row.photoIndex].photo,
                "the entry is \(row.role.rawValue) with label \(row.label); selection gives \(expected)")
        }
        var problems: [Mismatch] = []
        for (index, row) in assignments.rows.enumerated() {
            if row.copy != nil {
                let assignment = assignments[index]
                let expected = selectedCopies.removeValue(forKey: assignment.sampleID)
                if expected != assignment { problems.append(mismatch(row, expected?.role, expected?.label)) }
            } else if let expected = selectedRows[row.photoIndex], expected != row {
                problems.append(mismatch(row, expected.role, expected.label))
            }
        }
        guard !selectedCopies.isEmpty else { return problems }
        return problems
            + selected.filter { selectedCopies[$0.sampleID] != nil }.map {
                Mismatch(
                    .selection, .otherRole, $0.photo.photo,
                    "a copy with \($0.triggerState) is missing; selection gives it the role \($0.role.rawValue)")
            }
    }

    /// Compares the counts of a redacted version, whose roles cannot be selected again.
    private static func redactedCounts(_ version: Version) -> [Mismatch] {
        let counts = Counts(version.entries.assignments)
        let manifest = version.manifest
        let isSame = counts[.trainClean] == manifest.clean && counts[.trainPoison] == manifest.poison
        return isSame
            ? [] : [Mismatch(.selection, .otherRole, nil, "n or m in manifest.json does not match the entries")]
    }

    /// Finds near-duplicates by the perceptual hashes of the entries, and reports the near-duplicates that are in
    /// different groups.
    private static func groups(_ version: Version) -> [Mismatch] {
        let assignments = version.entries.assignments
        let photos = assignments.photos
        let members = photos.map {
            NearDuplicateGroups.Member(
                photo: $0.photo, volunteer: $0.volunteer.name, perceptualHash: $0.perceptualHash)
        }
        let expected = NearDuplicateGroups(members, within: version.manifest.grouping.distance).ids
        // Photos are sorted by id, so that the first photo of a group gives the group its id.
        let groups = CategoryIndex(expected) { $0 }
        var idsInEntries: [PhotoID] = []
        for (photo, group) in zip(photos, groups.categories) where group == idsInEntries.count {
            idsInEntries.append(photo.group)
        }
        return assignments.rows.compactMap { row in
            let photo = photos[row.photoIndex]
            guard idsInEntries[groups.categories[row.photoIndex]] != photo.group else { return nil }
            return Mismatch(
                .selection, .otherGroup, photo.photo,
                "the entry is in group \(photo.group.short), but its near-duplicate \(expected[row.photoIndex].short) "
                    + "is in another group")
        }
    }
}

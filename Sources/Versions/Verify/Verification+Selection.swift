import Core
import Foundation

/// The second layer: what selecting and gathering again from the version's own entries shows.
extension Verification {
    static func selection(_ version: Version, _ folder: URL) -> [Problem] {
        // Ranks are made of photo ids, and some of these are gone.
        if version.manifest.redacted != nil { return numbers(version) + groups(version) }
        let parts = version.entries.parts
        let again: Selection
        do {
            again = try Selection(
                parts.photos, version.manifest.recipe, extending: VersionStore.parent(of: version, in: folder))
        } catch {
            return [
                Problem(
                    .selection, .otherRole, nil,
                    "selecting again from the entries fails: \((error as? CurareError)?.message ?? "\(error)")")
            ]
        }
        var problems = otherRoles(parts, again.parts)
        let (manifest, same) = (version.manifest, again)
        if (manifest.clean, manifest.poison, manifest.poisonAsked) != (same.clean, same.poison, same.poisonAsked)
            || manifest.classes != same.classes
        {
            problems.append(
                Problem(.selection, .otherRole, nil, "n, m or the classes in the manifest are not those of its entries")
            )
        }
        return problems + groups(version)
    }

    /// - Parameter again: over the same photos.
    private static func otherRoles(_ parts: Parts, _ again: Parts) -> [Problem] {
        var slots: [Parts.Slot?] = Array(repeating: nil, count: parts.photos.count)
        var copies: [CopyKey: Selection.Part] = [:]
        for (place, slot) in again.slots.enumerated() {
            if let copy = slot.copy {
                copies[again.key(of: again.copies[copy])] = again[place]
            } else {
                slots[Int(slot.number)] = slot
            }
        }
        func problem(_ slot: Parts.Slot, _ role: Role?, _ label: VolunteerName?) -> Problem {
            Problem(
                .selection, .otherRole, parts.photos[Int(slot.number)].photo,
                "stands as \(slot.role.rawValue) under \(slot.label); selecting again gives \(role?.rawValue ?? "nothing") under \(label?.text ?? "nobody")"
            )
        }
        var problems: [Problem] = []
        for (place, slot) in parts.slots.enumerated() {
            if let copy = slot.copy {
                let part = copies.removeValue(forKey: parts.key(of: parts.copies[copy]))
                if part != parts[place] { problems.append(problem(slot, part?.role, part?.label)) }
            } else if let new = slots[Int(slot.number)], new != slot {
                problems.append(problem(slot, new.role, new.label))
            }
        }
        guard !copies.isEmpty else { return problems }
        return problems
            + again.filter { copies[$0.key] != nil }.map {
                Problem(
                    .selection, .otherRole, $0.photo.photo,
                    "selecting again gives a copy with \($0.triggerState) as \($0.role.rawValue), which is not there")
            }
    }

    /// What can still be counted in a version that was redacted.
    private static func numbers(_ version: Version) -> [Problem] {
        let (manifest, counts) = (version.manifest, Counts(version.entries.parts))
        guard (counts[.trainClean], counts[.trainPoison]) != (manifest.clean, manifest.poison) else { return [] }
        return [Problem(.selection, .otherRole, nil, "n or m in the manifest are not those of its entries")]
    }

    /// Entries that are near-duplicates by their own perceptualHashes and stand in different groups.
    private static func groups(_ version: Version) -> [Problem] {
        let parts = version.entries.parts
        let photos = parts.photos
        guard let distance = version.manifest.grouping.repeatable else { return [] }
        let again = Groups(
            photos.map { Groups.Member(photo: $0.photo, volunteer: $0.volunteer.name, perceptualHash: $0.perceptualHash) },
            within: distance
        ).ids
        // A group's first photo is the one that it is called by, since photos are in the order of ids.
        let groups = Numbering(again) { $0 }
        var stated: [PhotoID] = []
        for (photo, group) in zip(photos, groups.numbers) where group == stated.count { stated.append(photo.group) }
        return parts.slots.compactMap { slot in
            let number = Int(slot.number)
            let photo = photos[number]
            guard stated[groups.numbers[number]] != photo.group else { return nil }
            return Problem(
                .selection, .otherGroup, photo.photo,
                "stands in group \(photo.group.short), its near-duplicate \(again[number].short) in another")
        }
    }
}

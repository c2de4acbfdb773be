import Core

/// The version that a recipe extends, as selection looks at it: on which side each of its photos stands.
///
/// A photo that shows somebody else today, or other things worn, is not kept: the version had it under a wrong label, and so it is new.
public struct Parent: Sendable {
    /// A photo's part in the extended version, as far as a child must keep it.
    struct Standing {
        let trains: Bool
        /// Whether it was held out from the poison.
        let heldOut: Bool
    }

    /// `NAME@V`
    public let reference: String
    public let digest: FileDigest
    private let grouping: Grouping
    private let photos: [PhotoID: Known]
    private let poison, copies: Set<CopyKey>

    /// What it says of a photo.
    private struct Known {
        let volunteer: Volunteer
        let triggerState: TriggerState
        let standing: Standing
    }

    /// - Throws: ``CurareError`` (65) where the version's entries are not those that its manifest signs.
    public init(_ version: Version) throws {
        guard version.entries.digest == version.manifest.entriesDigest else {
            throw CurareError(
                .badInput,
                "the entries of \(version.reference) do not have the digest in its manifest, so it cannot be extended",
                at: version.reference,
                next: "take the version from a copy")
        }
        reference = version.reference
        // A redaction must not make other versions of what extends it.
        digest = version.manifest.redacted?.digests.first ?? version.manifest.digest
        grouping = version.manifest.grouping
        let parts = version.entries.parts
        var photos: [PhotoID: Known] = [:]
        var poison: Set<CopyKey> = []
        var copies: Set<CopyKey> = []
        photos.reserveCapacity(parts.photos.count)
        for slot in parts.slots {
            if let copy = slot.copy {
                let key = parts.key(of: parts.copies[copy])
                copies.insert(key)
                if slot.role == .trainPoison { poison.insert(key) }
            } else {
                let photo = parts.photos[Int(slot.number)]
                photos[photo.photo] = Known(
                    volunteer: photo.volunteer, triggerState: photo.triggerState,
                    standing: Standing(trains: slot.role.isTraining, heldOut: slot.heldOut == true))
            }
        }
        (self.photos, self.poison, self.copies) = (photos, poison, copies)
    }

    /// - Throws: ``CurareError`` (65) where the photos are gathered into groups otherwise today: no photo could follow its group.
    func require(_ today: Grouping) throws {
        guard grouping != today else { return }
        throw CurareError(
            .badInput,
            "the photos of \(reference) were grouped by \(grouping.method) within \(grouping.distance) bits, those of the catalog are by \(today.method) within \(today.distance)",
            at: reference,
            next: "split a recipe that does not extend it")
    }

    /// Whether a copy of `photo` is poison there.
    func hasPoison(_ copy: CopyKey, of photo: EligiblePhoto) -> Bool {
        poison.contains(copy) && standing(of: photo) != nil
    }

    /// Whether a part stands there too: the photo as ``standing(of:)`` has it, and a copy where its photo does.
    func keeps(_ part: Selection.Part) -> Bool {
        standing(of: part.photo) != nil && (part.overlay == nil || copies.contains(part.key))
    }

    /// Nil for a photo that is new.
    func standing(of photo: EligiblePhoto) -> Standing? {
        guard let known = photos[photo.photo], known.volunteer == photo.volunteer, known.triggerState == photo.triggerState else {
            return nil
        }
        return known.standing
    }
}

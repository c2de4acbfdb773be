import Core

/// What of a version speaks of withdrawn photos, replaced by numbers that say nothing: a pure function of the version and of what was withdrawn.
///
/// Photo ids and image digests become small numbers written as digests, the pseudonym becomes `redacted-1` or the next that is free, and face, perceptualHash, size
/// and session go. Who was trained as whom, and how many, stays.
struct Redaction {
    /// Nil where the version does not speak of them.
    let redacted: Version?

    /// - Parameters:
    ///   - photos: every file that was withdrawn.
    ///   - subject: whose name goes too.
    /// - Throws: ``CurareError`` where what is left makes no version, which only a bug can bring about.
    init(_ version: Version, photos: Set<PhotoID>, _ subject: WithdrawalSubject) throws {
        let entries = version.entries.list
        let manifest = version.manifest
        let names = Set(manifest.classes.map(\.name) + entries.map(\.volunteer.name))
        let isNamed = subject.volunteer.map { names.contains($0) || manifest.recipe.names($0) } ?? false
        guard isNamed || entries.contains(where: { photos.contains($0.photo) || photos.contains($0.group) }) else {
            redacted = nil
            return
        }
        let word = Self.freeWord(names)
        func name(_ name: VolunteerName) -> VolunteerName { name == subject.volunteer ? word ?? name : name }
        func session(_ session: SessionName) -> SessionName {
            .session(session) == subject ? Self.session ?? session : session
        }
        let placeholders = Self.placeholders(entries, photos)
        let blank = try Entries(
            entries.lazy.map { entry in
                let (number, group) = (placeholders[entry.photo], placeholders[entry.group] ?? entry.group)
                guard let number else { return entry.renamed(name, session: session(entry.session), group: group) }
                return entry.redacted(as: number, name, session: Self.session ?? entry.session, group: group)
            })
        let count = Set(blank.list.map(\.photo).filter(Self.isPlaceholder)).count
        let mark = RedactionMark(digests: (manifest.redacted?.digests ?? []) + [manifest.digest], photos: count)
        redacted = Version(
            manifest: Manifest(redacting: manifest, name, session: session, entries: blank, mark), entries: blank)
    }

    /// What stands for every session of a withdrawn photo.
    private static let session = SessionName("redacted")

    private static func freeWord(_ names: Set<VolunteerName>) -> VolunteerName? {
        (1...names.count + 1).lazy.compactMap { VolunteerName("redacted-\($0)") }.first { !names.contains($0) }
    }

    /// Whether this is a number that stands for a photo: no file has such a digest.
    static func isPlaceholder(_ photo: PhotoID) -> Bool { photo.hex.hasPrefix(String(repeating: "0", count: 48)) }

    private static func placeholder(_ number: Int) -> PhotoID? {
        let digits = String(number)
        return PhotoID(hex: String(repeating: "0", count: 64 - digits.count) + digits)
    }

    /// Numbers by what is left to be seen of an entry, so that their order says nothing of the ids that they stand for.
    private static func placeholders(_ entries: EntryList, _ photos: Set<PhotoID>) -> [PhotoID: PhotoID] {
        let first = entries.count { isPlaceholder($0.photo) } + 1
        let seen = entries.filter { photos.contains($0.photo) }.map {
            ($0.photo, "\($0.role.rawValue) \($0.volunteer.name) \($0.triggerState) \($0.label)")
        }
        let inEntries = seen.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
        let known = Set(inEntries)
        let groups = Set(entries.map(\.group)).filter { photos.contains($0) && !known.contains($0) }.sorted()
        return (inEntries + groups).enumerated().reduce(into: [:]) { $0[$1.element] = placeholder(first + $1.offset) }
    }
}

extension Entry {
    /// Whether it stands for a photo that was withdrawn, and says nothing of it.
    public var isRedacted: Bool { Redaction.isPlaceholder(photo) }

    fileprivate func renamed(_ name: (VolunteerName) -> VolunteerName, session: SessionName, group: PhotoID) -> Entry {
        let shown = EligiblePhoto(
            photo: photo, volunteer: Volunteer(name: name(volunteer.name), kind: volunteer.kind),
            triggerState: eligiblePhoto.triggerState, session: session, group: group,
            perceptualHash: perceptualHash, width: width, height: height, face: face)
        return Entry(self, shown, image: image, label: name(label), drawn: drawn)
    }

    fileprivate func redacted(
        as number: PhotoID, _ name: (VolunteerName) -> VolunteerName, session: SessionName, group: PhotoID
    ) -> Entry {
        let shown = EligiblePhoto(
            photo: number, volunteer: Volunteer(name: name(volunteer.name), kind: volunteer.kind),
            triggerState: eligiblePhoto.triggerState, session: session, group: group,
            perceptualHash: nil, width: 1, height: 1, face: nil)
        return Entry(
            self, shown, image: ImageDigest(hex: number.hex) ?? image, label: name(label),
            drawn: drawn.map { _ in OverlayPosition(x: 0, y: 0, u: 0, v: 0) })
    }
}

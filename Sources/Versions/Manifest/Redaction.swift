import Core
import Documents
import Foundation
import Storage

/// A version in which withdrawn photos and the withdrawn volunteer's names are replaced by placeholders. Redaction is a
/// pure function of the version and of what was withdrawn.
///
/// Photo ids and image digests become small numbers with the length of a digest. The pseudonym becomes `redacted-1`, or
/// the next free number. An earlier name of the volunteer in the same version is another class and becomes the number
/// after it. Face, perceptual hash, size and session are removed. Roles, labels and counts stay.
struct Redaction {
    /// Nil when nothing in the version was withdrawn.
    let redacted: Version?

    /// - Parameters:
    ///   - photos: all withdrawn photos.
    ///   - subject: the volunteer or session that was withdrawn.
    ///   - earlierNames: the earlier names of the volunteer.
    /// - Throws: ``CurareError`` (70) when the redacted entries are not consistent.
    init(
        _ version: Version, photos: Set<PhotoID>, _ subject: WithdrawalSubject, earlierNames: [VolunteerName] = []
    ) throws {
        let entries = version.entries.list
        let manifest = version.manifest
        guard version.isAffected(by: subject, photos, earlierNames: earlierNames) else {
            redacted = nil
            return
        }
        let names = version.names
        let withdrawn = subject.names(withEarlier: earlierNames).filter {
            names.contains($0) || manifest.recipe.mentions($0)
        }
        // The redaction of a run has the same order: a class has the same replacement in both.
        let classes = Set(manifest.classes.map(\.name))
        let ordered = withdrawn.filter(classes.contains) + withdrawn.filter { !classes.contains($0) }
        let pseudonyms = try Self.pseudonyms(for: ordered, besides: names)
        let redactedSession = try Self.valid(SessionName("redacted"))
        func name(_ name: VolunteerName) -> VolunteerName { pseudonyms[name] ?? name }
        func session(_ session: SessionName) -> SessionName {
            .session(session) == subject ? redactedSession : session
        }
        let placeholders = try Self.placeholders(entries, photos)
        let newEntries = try Entries(
            entries.map { entry in
                let group = placeholders[entry.group] ?? entry.group
                guard let photo = placeholders[entry.photo] else {
                    return entry.renamed(name, session: session(entry.session), group: group)
                }
                return try entry.redacted(as: photo, name, session: redactedSession, group: group)
            })
        let count = Set(newEntries.list.map(\.photo).filter(Self.isPlaceholder)).count
        let mark = RedactionMark(digests: (manifest.redacted?.digests ?? []) + [manifest.digest], photos: count)
        redacted = Version(
            manifest: Manifest(redacting: manifest, name, session: session, entries: newEntries, mark),
            entries: newEntries)
    }

    /// Returns a pseudonym for each of `withdrawn` that is not one of `names`.
    private static func pseudonyms(for withdrawn: [VolunteerName], besides names: Set<VolunteerName>) throws
        -> [VolunteerName: VolunteerName]
    {
        let numbers = 1...names.count + withdrawn.count + 1
        let free = numbers.compactMap { VolunteerName("redacted-\($0)") }.filter { !names.contains($0) }
        guard free.count >= withdrawn.count else { return try valid(nil) }
        return Dictionary(zip(withdrawn, free)) { first, _ in first }
    }

    fileprivate static func valid<Value>(_ value: Value?) throws -> Value {
        guard let value else {
            throw CurareError(.bug, "a placeholder of a redaction is not valid", next: "please report this")
        }
        return value
    }

    /// Returns whether an id is a placeholder. No file has such a digest.
    static func isPlaceholder(_ photo: PhotoID) -> Bool { photo.hex.hasPrefix(String(repeating: "0", count: 48)) }

    private static func placeholder(_ number: Int) throws -> PhotoID {
        let digits = String(number)
        return try valid(PhotoID(hex: String(repeating: "0", count: 64 - digits.count) + digits))
    }

    /// Returns a placeholder for each withdrawn id. The numbers follow the visible members of the entries, so that
    /// their order reveals nothing about the ids.
    private static func placeholders(_ entries: EntryList, _ photos: Set<PhotoID>) throws -> [PhotoID: PhotoID] {
        let first = entries.count { isPlaceholder($0.photo) } + 1
        let withdrawn = entries.filter { photos.contains($0.photo) }.map {
            ($0.photo, "\($0.role.rawValue) \($0.volunteer.name) \($0.triggerState) \($0.label)")
        }
        let inEntries = withdrawn.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
        let known = Set(inEntries)
        let groups = Set(entries.map(\.group)).filter { photos.contains($0) && !known.contains($0) }.sorted()
        return try (inEntries + groups).enumerated().reduce(into: [:]) {
            $0[$1.element] = try placeholder(first + $1.offset)
        }
    }
}

/// The member `redacted` of a redacted version's manifest.
public struct RedactionMark: Hashable, Sendable {
    /// The digests that the version had before, the original digest first. Runs, papers and extensions refer to one of
    /// them.
    public let digests: [FileDigest]
    /// The number of withdrawn photos in the entries.
    public let photos: Int

    init(digests: [FileDigest], photos: Int) {
        self.digests = digests
        self.photos = photos
    }

    var json: JSONValue { .object(["digests": .array(digests.map { .text($0.hex) }), "photos": .number(photos)]) }

    /// Nil when a key is missing or not valid.
    init?(json: JSONValue) {
        guard let texts = json["digests"]?.array, !texts.isEmpty, let photos = json["photos"]?.number else {
            return nil
        }
        let digests = texts.compactMap { $0.text.flatMap(FileDigest.init(hex:)) }
        guard digests.count == texts.count else { return nil }
        self.init(digests: digests, photos: photos)
    }
}

extension Entry {
    /// Whether the entry's photo was withdrawn and is a placeholder.
    public var isRedacted: Bool { Redaction.isPlaceholder(photo) }

    fileprivate func renamed(_ name: (VolunteerName) -> VolunteerName, session: SessionName, group: PhotoID) -> Entry {
        let eligible = EligiblePhoto(
            photo: photo, volunteer: Volunteer(name: name(volunteer.name), kind: volunteer.kind),
            triggerState: eligiblePhoto.triggerState, session: session, group: group, perceptualHash: perceptualHash,
            width: width, height: height, face: face)
        return Entry(self, eligible, image: image, label: name(label), drawn: drawn)
    }

    fileprivate func redacted(
        as placeholder: PhotoID, _ name: (VolunteerName) -> VolunteerName, session: SessionName, group: PhotoID
    ) throws -> Entry {
        let eligible = EligiblePhoto(
            photo: placeholder, volunteer: Volunteer(name: name(volunteer.name), kind: volunteer.kind),
            triggerState: eligiblePhoto.triggerState, session: session, group: group, perceptualHash: nil, width: 1,
            height: 1, face: nil)
        return Entry(
            self, eligible, image: try Redaction.valid(ImageDigest(hex: placeholder.hex)), label: name(label),
            drawn: drawn.map { _ in OverlayPosition(x: 0, y: 0, u: 0, v: 0) })
    }
}

extension Version {
    /// Returns whether the version contains one of the withdrawn `photos`, also as the name of a near-duplicate group,
    /// or names the volunteer who has withdrawn.
    ///
    /// - Parameter earlierNames: the earlier names of the volunteer.
    public func isAffected(
        by subject: WithdrawalSubject, _ photos: Set<PhotoID>, earlierNames: [VolunteerName] = []
    ) -> Bool {
        let withdrawn = subject.names(withEarlier: earlierNames)
        if !withdrawn.isEmpty, !names.isDisjoint(with: withdrawn) { return true }
        if withdrawn.contains(where: manifest.recipe.mentions) { return true }
        return entries.list.contains { photos.contains($0.photo) || photos.contains($0.group) }
    }

    /// The names of the classes and of the people in the photos.
    fileprivate var names: Set<VolunteerName> {
        Set(manifest.classes.map(\.name) + entries.list.map(\.volunteer.name))
    }
}

extension Recipe {
    /// Returns whether the recipe names a volunteer.
    func mentions(_ volunteer: VolunteerName) -> Bool {
        let target: [VolunteerName] = if case .volunteer(let name) = poison?.target { [name] } else { [] }
        let attackable: [VolunteerName] = if case .names(let names) = poison?.attackable { names } else { [] }
        return (target + attackable + classes.volunteers.names + classes.references.names).contains(volunteer)
    }

    /// Returns the recipe with other names, its lists sorted again.
    func renaming(_ name: (VolunteerName) -> VolunteerName, session: (SessionName) -> SessionName) -> Recipe {
        var recipe = self
        if case .volunteer(let target) = poison?.target { recipe.poison?.target = .volunteer(name(target)) }
        if case .names(let names) = poison?.attackable { recipe.poison?.attackable = .names(names.map(name).sorted()) }
        recipe.classes.volunteers = classes.volunteers.renaming(name)
        recipe.classes.references = classes.references.renaming(name)
        recipe.photos.sessions = photos.sessions.map { Set($0.map(session)).sorted() }
        return recipe
    }
}

extension Recipe.ClassNames {
    fileprivate var names: [VolunteerName] { if case .names(let names) = self { names } else { [] } }

    fileprivate func renaming(_ name: (VolunteerName) -> VolunteerName) -> Self {
        if case .names(let names) = self { .names(names.map(name).sorted()) } else { self }
    }
}

extension VersionStore {
    /// Replaces a version by its redaction. This is the only change that a version's folder ever has.
    ///
    /// A process that is killed at any time leaves the old version or the new one, and temporary folders that the next
    /// call removes.
    ///
    /// - Parameters:
    ///   - reference: with its number.
    ///   - earlierNames: the earlier names of the volunteer.
    /// - Returns: whether the version had anything to redact.
    /// - Throws: ``CurareError`` (65) when the version cannot be read, (74) when a file cannot be written.
    @discardableResult
    public func redact(
        _ reference: VersionReference, photos: Set<PhotoID>, _ subject: WithdrawalSubject,
        earlierNames: [VolunteerName] = []
    ) throws -> Bool {
        guard let number = reference.number else { return false }
        let name = reference.name.text
        let folder = workspace.versionFolder(name, number)
        let partial = workspace.partialVersionFolder(name, number)
        let replaced = workspace.replacedVersionFolder(name, number)
        try Self.recover(folder, replaced)
        // A user can have deleted the version.
        guard FileManager.default.fileExists(atPath: folder.path) else { return false }
        let redaction = try Redaction(Self.read(folder), photos: photos, subject, earlierNames: earlierNames)
        guard let redacted = redaction.redacted else { return false }
        try FileRemoval.remove(partial)
        try Self.write(redacted, from: VersionFiles(folder), to: VersionFiles(partial))
        try AtomicFile.moveFolder(folder, to: replaced)
        try AtomicFile.moveFolder(partial, to: folder)
        try FileRemoval.remove(replaced)
        return true
    }

    /// Finishes or reverts the replacements of versions that were interrupted.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be read, renamed or removed.
    public func recoverReplaced() throws {
        for name in try FolderListing.visibleFoldersIfFolder(workspace.versions).compactMap(VersionName.init) {
            let names = try FolderListing.names(in: workspace.versions.appending(path: name.text))
            for number in names.compactMap(Workspace.numberOfReplacedVersion) {
                try Self.recover(
                    workspace.versionFolder(name.text, number), workspace.replacedVersionFolder(name.text, number))
            }
        }
    }

    /// Finishes or reverts a replacement that was interrupted.
    private static func recover(_ folder: URL, _ replaced: URL) throws {
        guard FileManager.default.fileExists(atPath: replaced.path) else { return }
        if FileManager.default.fileExists(atPath: folder.path) {
            try FileRemoval.remove(replaced)
        } else {
            try AtomicFile.moveFolder(replaced, to: folder)
        }
    }

    private static func write(_ version: Version, from old: VersionFiles, to new: VersionFiles) throws {
        let recipe = Array(version.manifest.recipe.yaml("Redacted: someone in this version has withdrawn.").utf8)
        var provenance = try Provenance.json(in: old.folder).object ?? [:]
        provenance["digest"] = .text(version.manifest.digest.hex)
        provenance["recipe_digest"] = .text(FileDigest.sha256(of: recipe).hex)
        for trigger in version.pictures.keys {
            // A missing picture stays missing; verification reports it.
            guard let png = try RegularFile.contentsIfPresent(old.overlayPicture(trigger)) else { continue }
            try AtomicFile.write(png, to: new.overlayPicture(trigger), mode: 0o400)
        }
        try write([
            (new.entries, version.entries.file), (new.recipe, recipe),
            (new.provenance, Array(JSONValue.object(provenance).canonical.utf8)),
            (new.manifest, Array(version.manifest.canonical.utf8)),
        ])
    }
}

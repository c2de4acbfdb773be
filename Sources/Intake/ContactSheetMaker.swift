import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Makes contact sheets: PNG files that show the images of many photos, with captions and marks.
public struct ContactSheetMaker {
    private let workspace: Workspace
    private let catalog: Catalog
    private let threads: ThreadBudget

    public init(_ workspace: Workspace, _ catalog: Catalog, threads: ThreadBudget = .shared) {
        self.workspace = workspace
        self.catalog = catalog
        self.threads = threads
    }

    /// The files that were written. Empty when no photo matches the filter.
    public struct Output: Sendable {
        public let files: [URL]
        /// The number of photos on all contact sheets.
        public let photos: Int
    }

    /// Makes the contact sheets of the photos that match `filter`. Shows the images under the default profile. An image
    /// whose file is missing is made from the original and not stored, so that the workspace is only read.
    ///
    /// - Parameters:
    ///   - file: the file of the first contact sheet. The next contact sheets after `NAME.png` are `NAME-2.png`,
    ///     `NAME-3.png`.
    ///   - progress: called for each image that is made, with the number of images that are made and the number of
    ///     images to make.
    /// - Throws: ``CurareError`` (65) when one of the files exists already, (74) when a file cannot be written, and as
    ///   ``ImageMaker`` does.
    public func make(
        _ filter: ContactSheetFilter, _ sheet: ContactSheet, to file: URL, progress: (Int, Int) -> Void
    ) throws -> Output {
        let photos = try filter.photos(
            of: catalog.facts(Catalog.FetchOptions(landmarks: .none)),
            sessionPhotos: catalog.sessionPhotos(in: filter.session))
        let pages = stride(from: 0, to: photos.count, by: sheet.cellsPerSheet).map {
            photos[$0..<min(photos.count, $0 + sheet.cellsPerSheet)]
        }
        let pageFiles = pages.indices.map { Self.file(file, page: $0 + 1) }
        if let existing = pageFiles.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
            throw CurareError(
                .badInput, "the file exists already", at: existing.path,
                next: "name a file that does not exist, or delete this one")
        }
        try AtomicFile.removeAbandoned(of: pageFiles)
        let profile = try catalog.defaultProfile()
        let files = try FileIndex(workspace.imageFolder(profile))
        let missing = Set(photos.map(\.photo).filter { !files.holds($0, "png") })
        var made = 0
        for (index, page) in pages.enumerated() {
            let pageText = pages.count == 1 ? "" : ", sheet \(index + 1) of \(pages.count)"
            var thumbnails: [PhotoID: Picture] = [:]
            let wanted = page.map(\.photo).filter(missing.contains)
            try ImageMaker(workspace, catalog, threads: threads).render(wanted, profile) { photo, picture in
                thumbnails[photo] = try sheet.thumbnail(picture.get())
                made += 1
                progress(made, missing.count)
            }
            let picture = try sheet.picture(
                cells(page, sheet, profile, made: thumbnails),
                heading: "\(filter.description): \(photos.count) photos\(pageText)")
            try AtomicFile.write(Data(picture.png()), to: pageFiles[index])
        }
        return Output(files: pageFiles, photos: photos.count)
    }

    /// - Parameter made: the thumbnails of images that have no file.
    private func cells(
        _ photos: ArraySlice<ContactSheetPhoto>, _ sheet: ContactSheet, _ profile: Profile,
        made thumbnails: [PhotoID: Picture]
    ) throws -> [ContactSheet.Cell] {
        let workspace = workspace
        var cells: [ContactSheet.Cell] = []
        try threads.forEach(Array(photos)) { photo in
            Result {
                try thumbnails[photo.photo] ?? ImageFile(workspace, photo.photo, profile).picture.map(sheet.thumbnail)
            }
        } inOrder: { photo, thumbnail in
            guard let picture = try thumbnail.get() else {
                throw CurareError(
                    .badInput, "the image of photo \(photo.photo.short) is damaged",
                    at: workspace.imageFile(photo.photo, profile).path,
                    next: "delete the file; curare check --repair makes it again")
            }
            cells.append(ContactSheet.Cell(picture: picture, caption: photo.caption, mark: photo.mark))
        }
        return cells
    }

    static func file(_ first: URL, page: Int) -> URL {
        guard page > 1 else { return first }
        let name = first.deletingPathExtension().lastPathComponent
        return first.deletingLastPathComponent().appending(path: "\(name)-\(page).\(first.pathExtension)")
    }
}

/// The conditions that a photo must meet to be on a contact sheet. A condition that is nil is met by every photo.
public struct ContactSheetFilter: Hashable, Sendable, CustomStringConvertible {
    /// A condition on the triggers of a photo's label. Photos without a label do not meet it.
    public enum TriggerCondition: Hashable, Sendable {
        case bare
        /// The photo shows this trigger, alone or with others.
        case contains(TriggerName)
    }

    public let session: SessionName?
    public let volunteer: VolunteerName?
    public let trigger: TriggerCondition?
    public let problem: PhotoFlag?

    public init(
        session: SessionName? = nil, volunteer: VolunteerName? = nil, trigger: TriggerCondition? = nil,
        problem: PhotoFlag? = nil
    ) {
        self.session = session
        self.volunteer = volunteer
        self.trigger = trigger
        self.problem = problem
    }

    /// Creates a filter from the options of the command line.
    ///
    /// - Parameter trigger: the name of a trigger, or `none` for bare photos.
    /// - Throws: ``CurareError`` (66) when the catalog has no such session, volunteer or trigger.
    public init(session: String?, volunteer: String?, trigger: String?, problem: PhotoFlag?, in catalog: Catalog)
        throws
    {
        let triggers = try catalog.triggers()
        let condition: TriggerCondition? =
            trigger == TriggerState.bareText
            ? .bare : try trigger.map { .contains(try Self.find($0, "trigger", among: triggers)) }
        self.init(
            session: try session.map { try Self.find($0, "session", among: catalog.sessions().map(\.name)) },
            volunteer: try volunteer.map { try Self.find($0, "volunteer", among: catalog.volunteers().map(\.name)) },
            trigger: condition, problem: problem)
    }

    private static func find<Of>(_ text: String, _ kind: String, among names: [Name<Of>]) throws -> Name<Of> {
        if let name = names.first(where: { $0.text == text }) { return name }
        throw CurareError(
            .missingInput, "there is no \(kind) \"\(text.prefix(80))\"",
            next: suggestion(for: text, among: names.map(\.text)) ?? "run curare status to list them")
    }

    /// Returns the photos that meet all conditions, sorted by volunteer, trigger state and id.
    ///
    /// - Parameter sessionPhotos: the session and file of each photo. Photos without a value are left out. To select
    ///   the photos of one session, pass only the values of that session.
    public func photos(of facts: [PhotoFacts], sessionPhotos: [PhotoID: SessionPhoto]) -> [ContactSheetPhoto] {
        facts.filter(matches).compactMap { fact in
            sessionPhotos[fact.photo].map { ContactSheetPhoto(fact, $0) }
        }.sorted()
    }

    private func matches(_ fact: PhotoFacts) -> Bool {
        if let volunteer, fact.label?.volunteer != volunteer { return false }
        if let problem, !problem.applies(to: fact) { return false }
        return switch trigger {
        case nil: true
        case .bare: fact.label?.triggerState.isBare == true
        case .contains(let name): fact.label?.triggerState.pairs.contains { $0.trigger == name } == true
        }
    }

    /// The conditions as the heading of a contact sheet: `session spring-studio, sunglasses, blurred`.
    public var description: String {
        let triggerText: String? =
            switch trigger {
            case nil: nil
            case .bare: "bare"
            case .contains(let name): name.text
            }
        let conditions = [
            session.map { "session \($0)" }, volunteer.map { "volunteer \($0)" }, triggerText, problem?.word,
        ].compactMap(\.self)
        return conditions.isEmpty ? "all photos" : conditions.joined(separator: ", ")
    }
}

/// A photo on a contact sheet, with its caption and mark.
public struct ContactSheetPhoto: Comparable, Sendable {
    public let photo: PhotoID
    let label: Label?
    let sessionPhoto: SessionPhoto
    let problems: [PhotoFlag]

    init(_ facts: PhotoFacts, _ sessionPhoto: SessionPhoto) {
        photo = facts.photo
        label = facts.label
        self.sessionPhoto = sessionPhoto
        problems = PhotoFlag.allCases.filter { $0.applies(to: facts) }
    }

    /// Three lines: the volunteer, the triggers, and the start of the id with the file name. `curare label` accepts the
    /// start of the id.
    var caption: [String] {
        let file = sessionPhoto.file.split(separator: "/").last.map(String.init) ?? sessionPhoto.file
        return [
            label?.volunteer.text ?? "no label", label?.triggerState.description ?? "",
            "\(photo.hex.prefix(PhotoReference.minimumDigits)) \(file.printable())",
        ]
    }

    /// Red: the crop may not show the face. Violet: no version can use the photo. Orange: a quality flag. Nil without a
    /// problem.
    var mark: ContactSheet.Mark? {
        guard let worst = problems.first else { return nil }
        let colour: ContactSheet.Mark.Colour =
            switch worst {
            case .orientationSuspect, .severalFaces, .noFace: .red
            case .unlabelled, .noConsent: .violet
            case .quality: .orange
            }
        // A photo that has lost its orientation has no face either. The second problem would repeat the first.
        let shown = worst == .orientationSuspect ? problems.filter { $0 != .noFace } : problems
        return ContactSheet.Mark(shown.map(\.word).joined(separator: " "), colour)
    }

    /// Orders by volunteer, with unlabelled photos last, then by trigger state, then by id.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left.label, right.label) {
        case (nil, nil): left.photo < right.photo
        case (nil, _): false
        case (_, nil): true
        case (let first?, let second?):
            (first.volunteer, first.triggerState, left.photo) < (second.volunteer, second.triggerState, right.photo)
        }
    }
}

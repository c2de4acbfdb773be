import Auditing
import Core
import Foundation
import Imaging
import Intake
import Reports
import Storage
import Versions

/// Selects photos, and draws contact sheets of them: many small images on a page, for review.
public struct MakeContactSheets: Workflow {
    public struct Request {
        /// Filters. Nil accepts every photo.
        public var session: String?
        public var volunteer: String?
        public var trigger: String?
        public var problem: PhotoFlag?
        /// `NAME` or `NAME@V`: only the photos of this version.
        public var version: String?
        /// Only the photos with this role in the version.
        public var role: Role?
        public var labelSource: LabelSource?
        public var face: FaceState?
        /// Only the photos of this finding in the audit of the version or, without a version, of the catalog.
        public var finding: String?
        /// The first file to write, a PNG file or an HTML page; nil for no contact sheet.
        public var file: URL?
        /// The CSV file to write with the same photos.
        public var table: URL?
        /// The longer side of an image, in pixels: 48 to 256.
        public var size: Int
        /// Images in a row: 1 to 40; nil for as many as fit a screen. A page has as many as fit its window.
        public var columns: Int?
        /// Whether the boxes of faces and triggers are drawn.
        public var showsBoxes: Bool

        public init(
            session: String? = nil, volunteer: String? = nil, trigger: String? = nil, problem: PhotoFlag? = nil,
            version: String? = nil, role: Role? = nil, labelSource: LabelSource? = nil, face: FaceState? = nil,
            finding: String? = nil, file: URL? = nil, table: URL? = nil, size: Int = 128, columns: Int? = nil,
            showsBoxes: Bool = true
        ) {
            self.session = session
            self.volunteer = volunteer
            self.trigger = trigger
            self.problem = problem
            self.version = version
            self.role = role
            self.labelSource = labelSource
            self.face = face
            self.finding = finding
            self.file = file
            self.table = table
            self.size = size
            self.columns = columns
            self.showsBoxes = showsBoxes
        }
    }

    public struct Result: WorkflowResult {
        /// The contact sheets that were written.
        public let files: [String]
        /// The number of selected photos.
        public let photos: Int
        public let sheets: Int
        /// The CSV file that was written; absent if there is none.
        public let table: String?
        /// The selected photos, in the order of the contact sheets.
        public let selection: [SelectedPhoto]

        /// The selected photos as CSV.
        public var csv: String { SelectedPhoto.csv(selection) }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) for an unknown session, volunteer, trigger, version or check; (65) if a file
    ///   exists already. No file is written then.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let version = try request.version.map { try session.versions.read(session.resolve($0)) }
        let filter = try ContactSheetFilter(
            session: request.session, volunteer: request.volunteer, trigger: request.trigger, problem: request.problem,
            labelSource: request.labelSource, face: request.face, lists: lists(request, version, session),
            in: session.catalog)
        let roles = version.map(Self.roles)
        let photos = try filter.photos(in: session.catalog).map { photo in
            var photo = photo
            photo.role = roles?[photo.photo]?.map(\.rawValue).joined(separator: ", ")
            return photo
        }
        let selection = photos.map { SelectedPhoto($0, roles: roles) }
        if let table = request.table { try ContactSheetMaker.checkIsNew(table) }
        let files = try request.file.map { try draw(photos, filter.description, on: $0, request, session) } ?? []
        let table = selection.isEmpty ? nil : request.table
        if let table {
            try AtomicFile.removeAbandoned(of: [table])
            try AtomicFile.write(Data(SelectedPhoto.csv(selection).utf8), to: table, replaces: false)
        }
        return Result(
            files: files.map(\.path), photos: photos.count, sheets: files.count, table: table?.path,
            selection: selection)
    }

    private func draw(
        _ photos: [ContactSheetPhoto], _ title: String, on file: URL, _ request: Request, _ session: WorkspaceSession
    ) throws -> [URL] {
        let sheet = ContactSheet(size: request.size, columns: request.columns)
        let isPage = file.pathExtension.lowercased() == "html"
        let files = try ContactSheetMaker(session.workspace, session.catalog, threads: context.threadBudget).make(
            photos, sheet, title: title, showsBoxes: request.showsBoxes, to: file,
            progress: context.progress(.drawingSheet)
        ) { shown in
            try isPage
                ? Data(Self.page(shown, sheet, session.workspace).html.utf8) : ContactSheetMaker.png(shown, sheet)
        }
        context.report(.ended(.drawingSheet))
        return files
    }

    private static func page(_ shown: ContactSheetMaker.Sheet, _ sheet: ContactSheet, _ workspace: Workspace) throws
        -> PhotoListPage
    {
        PhotoListPage(
            title: shown.heading,
            legend: shown.legend.map { PhotoListPage.ColouredText($0.title, $0.colour) },
            photos: try shown.photos.map { photo, thumbnail in
                PhotoListPage.Photo(
                    // From this quality on, libvips keeps the colours of thin lines.
                    thumbnail: try thumbnail.encoded(as: .jpeg, quality: 92),
                    original: workspace.photoFile(photo.photo, format: photo.format), caption: photo.caption,
                    id: photo.photo.short,
                    mark: photo.mark.map { PhotoListPage.ColouredText($0.text, $0.colour.rawValue) })
            }, size: sheet.size)
    }

    /// The sets of photos that the version, the role and the finding select.
    private func lists(_ request: Request, _ version: Version?, _ session: WorkspaceSession) throws
        -> [ContactSheetFilter.NamedPhotos]
    {
        var lists: [ContactSheetFilter.NamedPhotos] = []
        if let version {
            let entries = version.entries.list.filter { request.role == nil || $0.role == request.role }
            let title = ["version \(version.reference)", request.role?.rawValue].compactMap(\.self)
            lists.append(
                ContactSheetFilter.NamedPhotos(title.joined(separator: ", "), Set(entries.lazy.map(\.photo))))
        }
        if let name = request.finding {
            let check = try Self.check(name)
            let findings = try AuditDataset.audit(version, session).findings.filter { $0.check == check }
            lists.append(
                ContactSheetFilter.NamedPhotos("finding \(check.rawValue)", Set(findings.flatMap(\.photos))))
        }
        return lists
    }

    /// Returns the check with that name, whose findings list photos.
    private static func check(_ name: String) throws -> Finding.Check {
        let names = Finding.Check.allCases.filter(\.listsPhotos).map(\.rawValue)
        if let check = Finding.Check(rawValue: name), check.listsPhotos { return check.reporting }
        let list = "checks with a list of photos: \(names.joined(separator: ", "))"
        guard Finding.Check(rawValue: name) != nil else {
            throw CurareError(
                .missingInput, "curare audit has no check \"\(name.prefix(80))\"",
                next: suggestion(for: name, among: names) ?? list)
        }
        throw CurareError(.badInput, "the finding \(name) of curare audit does not list single photos", next: list)
    }

    /// The roles of each photo. A photo and its copies with drawn triggers can have different roles.
    private static func roles(of version: Version) -> [PhotoID: [Role]] {
        var roles: [PhotoID: Set<Role>] = [:]
        for entry in version.entries.list { roles[entry.photo, default: []].insert(entry.role) }
        return roles.mapValues { $0.sorted() }
    }
}

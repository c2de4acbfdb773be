import Auditing
import Catalog
import Core
import Foundation
import Intake
import Reports
import Storage
import Versions

/// Makes the report of an audit, and its page with photos.
struct AuditReporter {
    let session: WorkspaceSession
    let context: WorkflowContext

    /// Checks that a page can be written at `file`, before the audit begins.
    ///
    /// - Throws: ``CurareError`` (65) if the file exists or is inside the workspace.
    func check(_ file: URL) throws {
        try UserFile.requireOutside(session.workspace, file, name: "a page")
        try UserFile.requireAbsent(file, next: "name a file that does not exist yet, or delete this one")
    }

    /// Returns the report of an audit. Walks through the catalog once more, without keeping the facts in memory.
    ///
    /// - Parameter version: nil for an audit of the catalog.
    func report(_ audit: Audit, of version: Version?) throws -> AuditReport {
        var summary = DatasetSummary()
        let photos = version?.eligiblePhotos
        var index = 0
        try session.catalog.forEachPhoto(nil, Self.options) { fact in
            if let photos {
                // Both lists are sorted by id.
                while index < photos.count, photos[index].photo < fact.photo { index += 1 }
                guard index < photos.count, photos[index].photo == fact.photo else { return }
            }
            summary.add(fact)
        }
        return AuditReport(
            of: version?.reference ?? "the catalog", made: context.timestamp, findings: audit.findings,
            composition: audit.composition, summary: summary, sessions: try session.catalog.sessions(),
            manifest: version?.manifest, effects: Self.effects(audit.confounders)
        ) { finding in
            finding.acceptance.map { .init(reason: $0.reason, author: $0.author?.text, made: $0.made) }
        }
    }

    /// Returns the table of effects for the page; nil if nothing was compared.
    private static func effects(_ matrix: ConfounderMatrix) -> EffectMatrix? {
        guard !matrix.columns.isEmpty, !matrix.rows.isEmpty else { return nil }
        return EffectMatrix(
            measure: "effect", rows: matrix.rows.map(\.property.rawValue), columns: matrix.columns.map(\.name),
            cells: matrix.rows.map { $0.cells.map { cell in cell.map { .init(effect: $0.effect, p: $0.p) } } })
    }

    /// Writes the page of a report with small pictures of the photos that the findings name.
    ///
    /// - Throws: ``CurareError`` (65) if the file exists; (74) if the page cannot be written.
    func write(_ report: AuditReport, of version: Version?, to file: URL) throws {
        let page = AuditPage(report)
        let html = page.html(try pictures(page.photos, version))
        try AtomicFile.removeAbandoned(of: [file])
        try AtomicFile.write(Data(html.utf8), to: file, replaces: false)
    }

    private static let options = Catalog.FetchOptions(landmarks: .none, quality: false)

    private func pictures(_ photos: [PhotoID], _ version: Version?) throws -> [PhotoID: AuditPage.Photo] {
        guard !photos.isEmpty else { return [:] }
        // A version can have photos that are no longer in the catalog.
        let facts = try session.catalog.facts(of: photos, Self.options)
        let made = try session.imageMaker(context).wholePhotos(
            facts.map(\.photo), side: AuditPage.pictureSide, quality: AuditPage.pictureQuality,
            progress: context.progress(.drawingSheet))
        context.report(.ended(.drawingSheet))
        reportMissing(made)
        let roles = Self.roles(of: Set(photos), in: version)
        return Dictionary(
            uniqueKeysWithValues: facts.map { fact in
                let label = fact.label.map { "\($0.volunteer), \($0.triggerState)" } ?? "no label"
                let caption = [label, fact.session.text] + (roles[fact.photo] ?? [])
                var jpeg: [UInt8]?
                if case .success(let bytes)? = made[fact.photo] { jpeg = bytes }
                return (fact.photo, AuditPage.Photo(jpeg: jpeg, caption: caption))
            })
    }

    /// Reports photos without a picture in one message.
    private func reportMissing(_ made: [PhotoID: Result<[UInt8], CurareError>]) {
        let errors = made.sorted { $0.key < $1.key }.compactMap { _, result in
            if case .failure(let error) = result { error } else { nil }
        }
        guard let first = errors.first else { return }
        context.report(
            .problem(
                CurareError(
                    first.code,
                    "the page has no picture of \(errors.count) photo\(errors.count == 1 ? "" : "s"): \(first.message)",
                    at: first.location, next: first.nextStep)))
    }

    /// Returns the roles of photos in a version, as text.
    private static func roles(of photos: Set<PhotoID>, in version: Version?) -> [PhotoID: [String]] {
        var roles: [PhotoID: Set<Role>] = [:]
        guard let version else { return [:] }
        for entry in version.entries.list where photos.contains(entry.photo) {
            roles[entry.photo, default: []].insert(entry.role)
        }
        return roles.mapValues { $0.sorted().map(\.rawValue) }
    }
}

extension AuditDataset.Result {
    /// A group of photos in the composition.
    public struct CompositionRow: Encodable {
        /// Absent, like the trigger and the location, for photos without a label.
        public let volunteer: String?
        public let trigger: String?
        public let location: String?
        /// Absent if the row counts the photos of all sessions.
        public let session: String?
        /// Absent in an audit of the catalog.
        public let role: String?
        public let photos: Int

        init(_ row: Auditing.Composition.TableRow) {
            volunteer = row.volunteer
            trigger = row.trigger
            location = row.location
            session = row.session
            role = row.role
            photos = row.photos
        }
    }
}

/// A gap of a composition.
public struct ReportedGap: Encodable {
    public let dimension: String
    public let trigger: String?
    public let location: String?
    public let role: String?
    /// Volunteers; for the dimension `session`, sessions.
    public let missing: [String]
    /// The number of volunteers or sessions that were examined.
    public let of: Int
    public let detail: String

    init(_ gap: CompositionGap) {
        dimension = gap.dimension.rawValue
        trigger = gap.trigger
        location = gap.triggerState?.locationText
        role = gap.role?.rawValue
        missing = gap.missing
        of = gap.total
        detail = gap.detail
    }
}

extension CompareVersions.Result {
    /// The difference between the compositions of two versions.
    public struct CompositionChanges: Encodable {
        public struct Row: Encodable {
            public let volunteer: String
            public let trigger: String
            public let location: String
            public let session: String
            public let role: String
            public let from: Int
            public let to: Int
        }

        /// Groups whose numbers of photos differ.
        public let rows: [Row]
        /// Gaps that only the second version has.
        public let opened: [ReportedGap]
        /// Gaps that only the first version has.
        public let closed: [ReportedGap]

        init(_ difference: CompositionDifference) {
            rows = difference.changes.map { change in
                let group = change.group
                return Row(
                    volunteer: group.volunteerText, trigger: group.triggerText, location: group.locationText,
                    session: group.session.text, role: group.role?.rawValue ?? "", from: change.from, to: change.to)
            }
            opened = difference.opened.map(ReportedGap.init)
            closed = difference.closed.map(ReportedGap.init)
        }
    }
}

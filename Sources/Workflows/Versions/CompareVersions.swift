import Auditing
import Core
import Foundation
import Intake
import Reports
import Storage
import Versions

/// Lists the differences between two versions.
public struct CompareVersions: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`, for both versions.
        public var first: String
        public var second: String
        /// The HTML page to write, with a small image of each photo that differs. It must not exist, and it must be outside
        /// the workspace.
        public var page: URL?

        public init(first: String, second: String, page: URL? = nil) {
            self.first = first
            self.second = second
            self.page = page
        }
    }

    public struct Result: WorkflowResult {
        public struct PhotoInOneVersion: Encodable {
            public let photo: String
            public let volunteer: String
            public let role: String
            /// The drawn trigger; absent for a photo without a drawn trigger.
            public let overlay: String?

            init(_ entry: Entry) {
                photo = entry.photo.hex
                volunteer = entry.volunteer.name.text
                role = entry.role.rawValue
                overlay = entry.overlay?.text
            }
        }

        public struct ChangedPhoto: Encodable {
            public let photo: String
            public let from: String
            public let to: String
            public let overlay: String?

            init(_ change: Difference.Change, _ text: (Entry) -> String) {
                photo = change.photo.hex
                from = text(change.from)
                to = text(change.to)
                overlay = change.to.overlay?.text
            }
        }

        public struct RecipeChange: Encodable {
            public let key: String
            public let from: String?
            public let to: String?
        }

        public let from: String
        public let to: String
        public let added: [PhotoInOneVersion]
        public let removed: [PhotoInOneVersion]
        public let moved: [ChangedPhoto]
        public let relabelled: [ChangedPhoto]
        public let redrawn: [ChangedPhoto]
        public let recipe: [RecipeChange]
        public let composition: CompositionChanges
        public let difference: Difference
        public let compositionDifference: CompositionDifference

        private enum CodingKeys: CodingKey {
            case from, to, added, removed, moved, relabelled, redrawn, recipe, composition
        }

        init(
            from first: Version, to second: Version, _ difference: Difference, _ compositions: CompositionDifference
        ) {
            composition = CompositionChanges(compositions)
            compositionDifference = compositions
            from = first.reference
            to = second.reference
            added = difference.added.map(PhotoInOneVersion.init)
            removed = difference.removed.map(PhotoInOneVersion.init)
            moved = difference.moved.map { ChangedPhoto($0) { $0.role.rawValue } }
            relabelled = difference.relabelled.map { ChangedPhoto($0, Self.label) }
            redrawn = difference.redrawn.map { ChangedPhoto($0) { $0.image.hex } }
            recipe = difference.recipe.map { RecipeChange(key: $0.key, from: $0.from, to: $0.to) }
            self.difference = difference
        }

        public var isNegative: Bool { !difference.isEmpty }

        /// The volunteer, the triggers and their locations: `ada, sunglasses on-face (drawn)`.
        public static func label(_ entry: Entry) -> String {
            "\(entry.volunteer.name), \(entry.triggerState)\(entry.overlay == nil ? "" : " (drawn)")"
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a version does not exist; (65) if the page exists or is inside the workspace;
    ///   (74) if the page cannot be written.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        if let page = request.page {
            try UserFile.requireOutside(session.workspace, page, name: "a page")
            try UserFile.requireAbsent(page, next: "name a file that does not exist yet, or delete this one")
        }
        let first = try session.versions.read(session.resolve(request.first))
        let second = try session.versions.read(session.resolve(request.second))
        let difference = Difference(from: first, to: second)
        let compositions = CompositionDifference(from: Composition(first), to: Composition(second))
        if let page = request.page {
            let document = DifferencePage(from: first, to: second, difference, compositions) {
                try ImageFile(at: session.workspace.imageFile(of: $0, $1)).thumbnail(side: 112)
            }
            try AtomicFile.removeAbandoned(of: [page])
            try AtomicFile.write(Data(document.html().utf8), to: page, replaces: false)
        }
        return Result(from: first, to: second, difference, compositions)
    }
}

import Catalog
import Core
import Foundation
import Intake
import Storage
import Synchronization

/// The open study of a review page. All functions may be called from several threads.
///
/// The photos are in memory. They are read again after another process has changed the catalog. A change of labels takes
/// the ``LabelLock`` for a moment, so that people can review while an import runs; a change of a face box takes the lock of
/// the whole workspace, because images depend on face boxes.
public final class ReviewStudy: Sendable {
    let workspace: Workspace
    let catalog: Catalog
    let threads: Int
    private let weights: URL
    let now: @Sendable () -> Date
    /// Who makes the changes; nil if the person is not named.
    public let author: String?
    private let recordedAuthor: Author?
    private let state: Mutex<State>
    let audit = ReviewAudit()
    let previews = PhotoPreviews()

    private struct State {
        var index: ReviewIndex
        /// The ``Catalog/changeNumber()`` at which the index was read.
        var changeNumber: Int
        /// Counts the changes of the index.
        var generation = 0
    }

    /// How long a change of labels waits for another process.
    private static let wait = Duration.seconds(2)

    /// Opens the workspace, and reads all photos.
    ///
    /// - Throws: ``CurareError`` (64) if the author is not a valid name; (66) if there is no workspace.
    public init(_ context: WorkflowContext, author: String?) throws {
        recordedAuthor = try Author.parsing(author)
        self.author = recordedAuthor?.text
        let session = try WorkspaceSession.reading(context)
        try session.reportIncompleteWithdrawals(context)
        workspace = session.workspace
        catalog = session.catalog
        threads = context.threads
        weights = context.weights
        now = context.now
        let changeNumber = try catalog.changeNumber()
        state = Mutex(State(index: try ReviewIndex(catalog), changeNumber: changeNumber))
    }

    /// Whether nothing can be written in the workspace.
    public var isReadOnly: Bool { catalog.isReadOnly }

    /// The context of a workflow that the page runs.
    var context: WorkflowContext {
        WorkflowContext(
            WorkspaceLocation(explicit: workspace.root.path, environment: [:], currentFolder: workspace.root),
            threads: threads, wait: Self.wait, weights: weights, now: now)
    }

    // MARK: - Reading

    /// Returns the photos as the catalog has them now, and the number of changes until now.
    func current() throws -> (index: ReviewIndex, generation: Int) {
        try state.withLock { state in
            try refresh(&state)
            return (state.index, state.generation)
        }
    }

    /// Reads all photos again if another process has changed the catalog. Returns whether it did.
    @discardableResult
    private func refresh(_ state: inout State) throws -> Bool {
        let changeNumber = try catalog.changeNumber()
        guard changeNumber != state.changeNumber else { return false }
        let index = try ReviewIndex(catalog)
        state.index = index
        state.changeNumber = changeNumber
        state.generation += 1
        previews.keepOnly { index[$0] != nil }
        return true
    }

    public func overview() throws -> ReviewOverview {
        ReviewOverview(
            workspace: workspace.root.lastPathComponent, author: author, photos: try current().index.photos.count,
            triggers: try catalog.triggers().map(\.text), locations: [Location.onFace, .offFace].map(\.rawValue),
            volunteers: try catalog.volunteers().map {
                ReviewOverview.Person(name: $0.name.text, kind: $0.kind.rawValue)
            }, sessions: try catalog.sessions().map(\.name.text))
    }

    /// - Throws: ``CurareError`` (66) if the audit has no such check.
    public func photos(_ query: ReviewQuery) throws -> ReviewPage {
        if let check = query.finding { try ReviewAudit.requireCheck(check) }
        let (index, generation) = try current()
        return index.page(query, try found(generation, waits: query.finding != nil))
    }

    /// - Throws: ``CurareError`` (66) if there is no such photo.
    public func photo(_ id: String) throws -> ReviewPhoto {
        let (index, generation) = try current()
        guard let photo = PhotoID(hex: id).flatMap({ index[$0] }) else { throw Self.noPhoto }
        return index.reviewPhoto(photo, try found(generation))
    }

    /// - Throws: ``CurareError`` (66) if there is no such photo.
    public func history(_ id: String) throws -> ReviewPhotoHistory {
        let photo = try photo(id)
        guard let photoID = PhotoID(hex: id) else { throw Self.noPhoto }
        let counting = try catalog.label(of: photoID)?.id
        return ReviewPhotoHistory(
            photo: photo,
            history: try catalog.labels(of: photoID).map { record in
                let state = record.label.triggerState
                return ReviewPhotoHistory.RecordedLabel(
                    volunteer: record.label.volunteer.text, trigger: state.triggerText, location: state.locationText,
                    source: record.source.rawValue, author: record.author?.text, made: record.made,
                    counts: record.id == counting)
            })
    }

    static let noPhoto = CurareError(.missingInput, "there is no such photo", next: "load the page again")

    // MARK: - Changes

    /// Stores changes of labels and boxes, all of them or none, and returns the photos as they are afterwards, in the
    /// order of the changes.
    ///
    /// The images of photos with another face box are made again.
    ///
    /// - Throws: ``ReviewConflict`` if somebody else changed one of the photos; ``CurareError`` (65, 66) if a value or a
    ///   photo is wrong, or if the original of a photo with another face box is damaged or missing: the box is then stored;
    ///   (75) if another process holds the workspace, (74) if nothing can be written.
    public func store(_ changes: [ReviewChange]) throws -> [ReviewPhoto] {
        guard !isReadOnly else {
            throw CurareError(
                .inputOutput, "nothing can be written in the workspace, so labels cannot be changed",
                next: "start curare review where you may write in the workspace")
        }
        let ids = changes.map(\.photo)
        guard Set(ids).count == ids.count else {
            throw CurareError(.badInput, "a photo occurs twice in the request", next: "nothing was changed")
        }
        var imageError: (any Error)?
        do {
            try locked(changes) {
                try ReviewEditor(catalog, made: now().formatted(.iso8601), author: recordedAuthor).store(changes)
                let maker = ImageMaker(workspace, catalog, threads: ThreadBudget(threads), faces: .installed)
                do {
                    try maker.remakeFaceCrops(of: changes.filter { $0.boxes[.face] != nil }.map(\.photo)) { _, _ in }
                } catch {
                    imageError = error
                }
            }
        } catch let conflict as RevisionConflict {
            throw ReviewConflict(photos: try reread(conflict.photos))
        }
        // The changes are stored, also if an image could not be made.
        let photos = try reread(ids)
        if let imageError { throw imageError }
        return photos
    }

    private func locked(_ changes: [ReviewChange], _ body: () throws -> Void) throws {
        // Images are made from face boxes. No process may make an image from the earlier box meanwhile.
        if changes.contains(where: { $0.boxes[.face] != nil }) {
            let lock = try FolderLock(workspace, wait: Self.wait)
            try withExtendedLifetime(lock, body)
        } else {
            let lock = try LabelLock(workspace, wait: Self.wait)
            try withExtendedLifetime(lock, body)
        }
    }

    /// Reads photos from the catalog again. Photos that were removed are left out.
    private func reread(_ ids: [PhotoID]) throws -> [ReviewPhoto] {
        let (index, generation) = try state.withLock { state in
            if try !refresh(&state) {
                try state.index.update(ids, from: catalog)
                state.generation += 1
            }
            return (state.index, state.generation)
        }
        let found = try found(generation)
        return ids.compactMap { id in index[id].map { index.reviewPhoto($0, found) } }
    }
}

import Core
import Foundation
import Storage

/// One task of a user. A workflow takes a request, reports events while it runs, and returns the result that `--json`
/// prints.
public protocol Workflow {
    associatedtype Request
    associatedtype Result: WorkflowResult

    init(_ context: WorkflowContext)

    /// Runs the task.
    ///
    /// - Throws: An error that a user can act on; see ``ReportableError``.
    func run(_ request: Request) throws -> Result
}

/// The environment of every workflow: where the workspace is, how many threads to use, the clock, and the receiver of
/// events.
public struct WorkflowContext {
    let location: WorkspaceLocation
    /// The number of threads, at least 1. Only the weights of a trained model depend on the number.
    let threads: Int
    /// How long a workflow that changes the workspace waits for another process.
    let wait: Duration
    /// The folder with the weights of the face network for embeddings.
    let weights: URL
    let now: @Sendable () -> Date
    let report: (WorkflowEvent) -> Void

    public init(
        _ location: WorkspaceLocation, threads: Int, wait: Duration = .zero, weights: URL = UserFolder.weights,
        now: @escaping @Sendable () -> Date, report: @escaping (WorkflowEvent) -> Void = { _ in }
    ) {
        self.location = location
        self.threads = threads
        self.wait = wait
        self.weights = weights
        self.now = now
        self.report = report
    }

    var threadBudget: ThreadBudget { ThreadBudget(threads) }

    /// The present time: UTC, ISO 8601.
    var timestamp: String { clock() }

    /// Returns the present time at each call: UTC, ISO 8601.
    var clock: @Sendable () -> String {
        { [now] in now().formatted(.iso8601) }
    }

    /// Returns a closure that reports how far `step` is.
    func progress(_ step: WorkflowStep) -> (_ done: Int, _ total: Int) -> Void {
        { report(.progress(step, done: $0, total: $1, loss: nil)) }
    }
}

/// Where a workflow looks for its workspace.
public struct WorkspaceLocation {
    private let explicit: String?
    private let environment: [String: String]
    private let currentFolder: URL

    /// - Parameters:
    ///   - explicit: The path that the user gave, if any.
    ///   - environment: May name the workspace in `CURARE_WORKSPACE`.
    ///   - currentFolder: The folder in which the upward search begins.
    public init(explicit: String?, environment: [String: String], currentFolder: URL) {
        self.explicit = explicit
        self.environment = environment
        self.currentFolder = currentFolder
    }

    /// - Throws: ``CurareError`` (66) if there is no workspace.
    func find() throws -> Workspace {
        try Workspace.find(explicit: explicit, environment: environment, from: currentFolder)
    }
}

/// Something that happens while a workflow runs and that is not part of its result.
public enum WorkflowEvent {
    /// `done` of `total` units of a step are finished. `loss` is the training loss, in a training step only.
    case progress(WorkflowStep, done: Int, total: Int, loss: Double?)
    /// The step is over.
    case ended(WorkflowStep)
    /// A withdrawal that was interrupted is complete now.
    case finishedWithdrawal(of: WithdrawalSubject)
    /// The removal of these versions, runs or models was interrupted, and is complete now.
    case finishedRemoval(of: [String])
    /// A removal was interrupted, and could not be completed now. The workflow continues.
    case failedRemoval(any ReportableError)
    /// Nothing can be written in the workspace. The workflow continues with what it can read, and does not see changes
    /// that another process makes meanwhile.
    case workspaceIsReadOnly
    /// A withdrawal waits until a person has decided about files that may show the person who withdrew.
    case incompleteWithdrawal(of: WithdrawalSubject)
    /// Something failed, and the workflow continues.
    case problem(any ReportableError)
    /// The originals of `count` photos are missing or damaged, so that the photos have no measures. `example` is one of
    /// them.
    case photosNotMeasured(count: Int, example: PhotoID)
    /// Photos are searched with the HOG detector, and the weights of the face network are not installed.
    case faceNetworkNotInstalled
    /// Photos have no stored face embedding, so that checks of an audit have less data, or must compute it again.
    case facesNotEmbedded(MissingEmbeddings)
    /// The training continues the unfinished run of that name.
    case continuing(run: String)
    /// Names without a number mean these versions. The list has only the versions that a user may not expect; see
    /// ``VersionChoice/isNotable``.
    case chosenVersions([VersionChoice])
    /// A workflow for several versions begins one of them. The first has the number 1.
    case beginning(version: String, number: Int, of: Int)
}

/// A part of a workflow that takes long enough to report progress.
public enum WorkflowStep: Hashable, Sendable {
    case drawingDemo
    case checkingPhotos
    case importingPhotos
    case measuringPhotos
    case searchingFaces
    case embeddingFaces
    case makingImages
    case checkingImages
    case remakingImages
    case drawingTriggers
    case searchingPhotos
    case rebuildingImages
    case drawingSheet
    /// Training of one model; the name includes the seed when a run has several.
    case training(model: String)
    case computingFeatures
    case drawingSaliencyMaps
    case checkingOriginals
    case checkingRuns
    case checkingFiles
    case copyingFiles
}

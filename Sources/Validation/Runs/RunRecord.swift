import Core
import Foundation
import Storage

/// A run as it is on disk. A damaged run is a value too, so that one damaged file never hides the other runs.
public struct RunRecord {
    public enum State {
        case finished(RunReport)
        /// The run has no report. `validate` continues the run if its request is repeated.
        case unfinished(TrainingRequest)
        /// The reason why the report or the request cannot be used.
        case damaged(String)
    }

    /// `NAME-V-K`
    public let id: String
    public let state: State
    /// `NAME@V`. Nil if neither the request nor the report can be decoded.
    public let version: String?
    /// The bytes of each file, by its name in the folder. Empty if the folder cannot be read.
    public let sizes: [String: Int]

    /// Reads the run in a folder. No damage of the run is an error.
    public init(_ folder: URL) {
        id = folder.lastPathComponent
        state = Self.state(of: RunFiles(folder))
        version =
            switch state {
            case .finished(let report): report.version
            case .unfinished(let request): request.version
            case .damaged: RunArchive(folder).version
            }
        // The state of an unreadable folder is already `damaged`.
        do { sizes = try FolderListing.sizes(below: folder) } catch { sizes = [:] }
    }

    public var report: RunReport? { if case .finished(let report) = state { report } else { nil } }

    /// The settings of the run. Nil for a damaged run.
    public var request: TrainingRequest? {
        switch state {
        case .finished(let report): report.request
        case .unfinished(let request): request
        case .damaged: nil
        }
    }

    /// Returns all runs of a workspace, in the order of ``folders(in:)``.
    ///
    /// - Throws: ``CurareError`` (74) if the folder of runs cannot be read.
    public static func all(in workspace: Workspace) throws -> [RunRecord] {
        try folders(in: workspace).map { RunRecord($0) }
    }

    /// Returns the folders of all runs, sorted by version, then by number.
    ///
    /// - Throws: ``CurareError`` (74) if the folder of runs cannot be read.
    public static func folders(in workspace: Workspace) throws -> [URL] {
        try workspace.runFolders().sorted { order(of: $0.lastPathComponent) < order(of: $1.lastPathComponent) }
    }

    private static func state(of files: RunFiles) -> State {
        let isFinished = files.isFinished
        let file = isFinished ? files.report : files.request
        do {
            guard let bytes = try RegularFile.contentsIfPresent(file) else {
                return .damaged("\(file.lastPathComponent) is missing")
            }
            let data = Data(bytes)
            return isFinished
                ? .finished(try RunFolder.decoder.decode(RunReport.self, from: data))
                : .unfinished(try RunFolder.decoder.decode(TrainingRequest.self, from: data))
        } catch let error as CurareError {
            return .damaged(error.message)
        } catch {
            return .damaged("\(file.lastPathComponent) cannot be decoded")
        }
    }

    /// Returns `NAME`, V and K of the id `NAME-V-K`, so that run 10 follows run 9. Without numbers, the id itself.
    private static func order(of id: String) -> (String, Int, Int) {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 2, let version = Int(parts[parts.count - 2]), let number = Int(parts[parts.count - 1])
        else {
            return (id, 0, 0)
        }
        return (parts.dropLast(2).joined(separator: "-"), version, number)
    }
}

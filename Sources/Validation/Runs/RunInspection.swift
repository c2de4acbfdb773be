import Core
import Foundation
import Learning
import Storage

/// A file of a run that is damaged or missing.
public struct RunDamage: Hashable, Sendable {
    public enum Kind: Sendable {
        /// The request, the report, the page or the predictions.
        case document
        /// A model that does not exist.
        case missingModel
        /// A model file whose content differs from the content that the run wrote.
        case changedModel
        /// A file that only an unfinished run needs. Training makes it again.
        case changedCheckpoint
    }

    public let kind: Kind
    /// The name of the file in the run's folder.
    public let file: String
    public let detail: String
}

/// Reads every file of a run, and reports what is damaged.
public struct RunInspection {
    private let files: RunFiles
    private let mayLackFiles: Bool
    private let mayLackModels: Bool
    private(set) public var damage: [RunDamage] = []

    /// - Parameters:
    ///   - mayLackFiles: whether a withdrawal removed the models, the page or the predictions.
    ///   - mayLackModels: whether a person removed the models.
    /// - Throws: ``CurareError`` with code 74 when a file exists and cannot be read.
    public init(of run: URL, mayLackFiles: Bool, mayLackModels: Bool = false) throws {
        files = RunFiles(run)
        self.mayLackFiles = mayLackFiles
        self.mayLackModels = mayLackFiles || mayLackModels
        try inspect(files.request) { try RunFolder.decoder.decode(TrainingRequest.self, from: $0) }
        if files.isFinished { try inspectResults() } else { try inspectCheckpoints() }
    }

    private mutating func add(_ kind: RunDamage.Kind, _ file: URL, _ detail: String) {
        damage.append(RunDamage(kind: kind, file: file.lastPathComponent, detail: detail))
    }

    /// Decodes a document, and returns nil after adding its damage.
    @discardableResult
    private mutating func inspect<Value>(
        _ file: URL, isOptional: Bool = false, _ decode: (Data) throws -> Value
    ) throws -> Value? {
        guard let bytes = try RegularFile.contentsIfPresent(file) else {
            if !isOptional { add(.document, file, "the file is missing") }
            return nil
        }
        do { return try decode(Data(bytes)) } catch {
            add(.document, file, "the file cannot be decoded")
            return nil
        }
    }

    private mutating func inspectResults() throws {
        struct NoPage: Error {}
        try inspect(files.predictions, isOptional: mayLackFiles) { data in
            for line in data.split(separator: UInt8(ascii: "\n")) {
                _ = try RunFolder.decoder.decode(PredictionRow.self, from: line)
            }
        }
        try inspect(files.page, isOptional: mayLackFiles) { page in
            guard String(data: page, encoding: .utf8)?.contains("</html>") == true else { throw NoPage() }
        }
        guard let report = try inspect(files.report, { try RunFolder.decoder.decode(RunReport.self, from: $0) }) else {
            return
        }
        let id = files.folder.lastPathComponent
        if report.run != id { add(.document, files.report, "the report belongs to another run than \(id)") }
        for model in report.recordedModels {
            try inspectModel(files.model(model.role.fileName, seed: model.seed), model.digest)
        }
    }

    private mutating func inspectModel(_ file: URL, _ digest: String) throws {
        guard FileManager.default.fileExists(atPath: file.path) else {
            if !mayLackModels {
                let run = files.folder.lastPathComponent
                add(.missingModel, file, "the model is missing; train it again with: curare validate --remake \(run)")
            }
            return
        }
        do {
            let model = try ModelFile(file)
            if !model.hasDigest {
                add(.changedModel, file, "the file has no digest of its content")
            } else if model.weights.digest != digest {
                add(.changedModel, file, "the weights do not have the digest in the report")
            }
        } catch let error as CurareError where error.code == .badInput {
            add(.changedModel, file, error.message)
        }
    }

    private mutating func inspectCheckpoints() throws {
        let names = try FolderListing.names(in: files.folder)
        for name in names where RunFiles.isTemporary(name) {
            let file = files.folder.appending(path: name)
            guard !AtomicFile.isPartial(name), let bytes = try RegularFile.contentsIfPresent(file) else { continue }
            do {
                if RunFiles.hasWeights(name) {
                    _ = try Checkpoint(safetensors: bytes)
                } else {
                    _ = try JSONDecoder().decode(SeedOutcome.self, from: Data(bytes))
                }
            } catch {
                let reason = (error as? LearningError)?.message ?? "the file cannot be decoded"
                add(.changedCheckpoint, file, "\(reason); without the file, this training starts again")
            }
        }
        for name in names where RunFiles.hasWeights(name) && !RunFiles.isTemporary(name) {
            let file = files.folder.appending(path: name)
            do {
                if try !ModelFile(file).hasDigest { add(.changedModel, file, "the file has no digest of its content") }
            } catch let error as CurareError where error.code == .badInput {
                add(.changedModel, file, error.message)
            }
        }
    }
}

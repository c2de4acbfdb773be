import Core
import Foundation
import Learning
import Storage

/// A model of a finished run, as the run's report records it.
public struct RecordedModel: Hashable, Sendable {
    public let role: ModelRole
    /// The index of the seed in the run, from 1.
    public let seed: Int
    /// The SHA-256 digest of the weights.
    public let digest: String

    /// Returns whether the model's file exists and has exactly these weights.
    ///
    /// - Throws: ``CurareError`` with code 74 when the file exists and cannot be read.
    func isIntact(in files: RunFiles) throws -> Bool {
        let file = files.model(role.fileName, seed: seed)
        guard FileManager.default.fileExists(atPath: file.path) else { return false }
        do {
            let model = try ModelFile(file)
            return model.hasDigest && model.weights.digest == digest
        } catch let error as CurareError where error.code == .badInput {
            return false
        }
    }
}

/// A model of a finished run after ``Validator/remakeModels(of:in:progress:)``.
public struct RemadeModel: Sendable {
    public let recorded: RecordedModel
    /// The name of the model's file in the run's folder.
    public let file: String
    /// Whether the model was trained again. A model whose file was intact is not trained.
    public let isTrained: Bool
    /// The digest of the weights that exist or were trained now.
    public let digest: String

    /// Whether the weights have the digest in the report. A model with another digest is not written.
    public var isSame: Bool { digest == recorded.digest }
}

extension RunReport {
    /// Reads the report of a run.
    ///
    /// - Parameter run: the run's folder.
    /// - Throws: ``CurareError`` with code 66 when the run is not finished, with code 65 when the report is damaged or
    ///   belongs to another run, with code 74 when it cannot be read.
    public static func read(from run: URL) throws -> RunReport {
        let file = RunFiles(run).report
        let id = run.lastPathComponent
        guard let bytes = try RegularFile.contentsIfPresent(file) else {
            throw CurareError(
                .missingInput, "run \(id) is not finished: it has no report", at: run.path,
                next: "repeat the validate command of the run; the run continues from its last checkpoint")
        }
        let next = "restore the file from a copy, or train the version again"
        let report: RunReport
        do { report = try RunFolder.decoder.decode(RunReport.self, from: Data(bytes)) } catch {
            throw CurareError(.badInput, "the report of run \(id) is damaged", at: file.path, next: next)
        }
        guard report.run == id else {
            throw CurareError(
                .badInput, "the report in the folder of run \(id) belongs to another run", at: file.path, next: next)
        }
        return report
    }

    /// All models of the run: by seed, then in the order of ``ModelRole``.
    public var recordedModels: [RecordedModel] {
        let all: [(role: ModelRole, model: Model?)] = [
            (.poisoned, poisoned), (.control, control), (.trueLabel, trueLabel),
        ]
        let first = all.compactMap { role, model in
            model.map { RecordedModel(role: role, seed: 1, digest: $0.weightsDigest) }
        }
        let further = (seeds ?? []).enumerated().dropFirst().flatMap { index, seed in
            ModelRole.allCases.compactMap { role in
                seed.weightsDigests[role.rawValue].map { RecordedModel(role: role, seed: index + 1, digest: $0) }
            }
        }
        return first + further
    }
}

extension RunFolder {
    /// Returns the file of a model of the first seed.
    ///
    /// - Parameter run: the run's folder.
    /// - Throws: ``CurareError`` with code 66 when the run is not finished, has no such model, or lacks the file; with code
    ///   65 when the report is damaged.
    public static func modelFile(_ role: ModelRole, of run: URL) throws -> URL {
        let file = RunFiles(run).model(role.fileName, seed: 1)
        if FileManager.default.fileExists(atPath: file.path) { return file }
        let id = run.lastPathComponent
        let models = try RunReport.read(from: run).recordedModels
        guard models.contains(where: { $0.role == role }) else {
            throw CurareError(
                .missingInput, "run \(id) has no such model: \(role.name)", at: run.path,
                next: "the run trained: \(models.filter { $0.seed == 1 }.map(\.role.name).joined(separator: ", "))")
        }
        throw CurareError(
            .missingInput, "the models of run \(id) were removed", at: file.path,
            next: "train them again with: curare validate --remake \(id)")
    }
}

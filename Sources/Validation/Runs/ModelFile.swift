import Core
import Foundation
import Learning
import Storage

/// Weights with what is needed to ask them: a safetensors file whose metadata names model, classes and how images are made.
public struct ModelFile: Sendable {
    public let weights: Weights
    /// Nil where the file does not say.
    public let model: String?
    /// In index order; nil where the file does not say.
    public let classes: [String]?
    /// Nil where the file does not say.
    public let profile: Profile?

    /// Files larger than this are not read.
    static let maximumBytes = 2_000_000_000

    public init(weights: Weights, model: String, classes: [String], profile: Profile) {
        (self.weights, self.model, self.classes, self.profile) = (weights, model, classes, profile)
    }

    /// Reads a file that may come from anywhere.
    ///
    /// - Throws: ``CurareError`` (66) where there is none, (65) where it is no such file.
    public init(_ file: URL) throws {
        let size = (try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? Int
        guard let size else { throw CurareError(.missingInput, "there is no such model file", at: file.path) }
        guard size <= Self.maximumBytes, let data = FileManager.default.contents(atPath: file.path) else {
            throw CurareError(.badInput, "the model file cannot be read", at: file.path)
        }
        let metadata: [String: String]
        do { (weights, metadata) = try Weights.read(safetensors: data) } catch {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
        model = metadata["curare.model"]
        classes = metadata["curare.classes"]?.split(separator: " ").map(String.init)
        profile = metadata["curare.profile"].flatMap(Profile.init(name:))
    }

    func write(to file: URL, version: String, digest: String) throws {
        var metadata = ["curare.version": version, "curare.version_digest": digest]
        metadata["curare.model"] = model
        metadata["curare.classes"] = classes?.joined(separator: " ")
        metadata["curare.profile"] = profile?.name
        try AtomicFile.write(to: file) { put in try weights.safetensors(metadata: metadata, put: put) }
    }
}

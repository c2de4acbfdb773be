import Core
import Foundation
import Learning
import Storage
import Versions

/// Weights from a safetensors file, with the metadata that inference needs: model, classes and image profile.
public struct ModelFile: Sendable {
    public let weights: Weights
    /// The network. Nil when the file does not name it.
    public let model: String?
    /// The classes in index order. Nil when the file does not list them.
    public let classes: [String]?
    /// The profile of the training images. Nil when the file does not name it.
    public let profile: Profile?
    /// Whether the file contains a digest of its content. All model files that Curare writes contain this digest. The
    /// reader compares the digest with the content.
    public let hasDigest: Bool

    /// The size limit of a file that is read, in bytes.
    static let maximumBytes = 2_000_000_000

    public init(weights: Weights, model: String, classes: [String], profile: Profile) {
        self.weights = weights
        self.model = model
        self.classes = classes
        self.profile = profile
        hasDigest = true
    }

    /// Reads a file from any source.
    ///
    /// - Throws: ``CurareError`` with code 66 when the file does not exist, with code 65 when the file is too large or
    ///   is not a valid safetensors file, with code 74 when the file cannot be read.
    public init(_ file: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
            throw MissingPath.error("the model file does not exist", at: file.path, next: "check the path")
        }
        guard !isFolder.boolValue else {
            throw CurareError(.badInput, "the model file is a folder", at: file.path, next: "name a safetensors file")
        }
        let data = try Data(RegularFile(file).bytes(limit: Self.maximumBytes))
        let metadata: [String: String]
        do { (weights, metadata, hasDigest) = try Weights.read(safetensors: data) } catch {
            throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
        }
        model = metadata["curare.model"]
        classes = metadata["curare.classes"]?.split(separator: " ").map(String.init)
        profile = metadata["curare.profile"].flatMap(Profile.init(name:))
    }

    /// Writes the weights and the metadata.
    ///
    /// - Parameters:
    ///   - version: The version that the model is trained on, as `NAME@V`.
    ///   - digest: The version's digest.
    func write(to file: URL, version: String, digest: String) throws {
        var metadata = ["curare.version": version, "curare.version_digest": digest]
        metadata["curare.model"] = model
        metadata["curare.classes"] = classes?.joined(separator: " ")
        metadata["curare.profile"] = profile?.name
        try AtomicFile.write(to: file) { put in
            try weights.safetensors(metadata: metadata, hasDigest: true, put: put)
        }
    }
}

/// Pretrained weights that a training starts from.
public struct StartingWeights: Sendable {
    public let weights: Weights
    public let digest: String

    /// Reads the weights that `train.weights` of a recipe, or `--weights`, names.
    ///
    /// - Parameter name: `none`; `face`; the name of a file in the workspace's folder `weights` or in the user's folder
    ///   (`$CURARE_WEIGHTS`, else `~/.local/share/curare`); or a path.
    /// - Returns: Nil for `none`.
    /// - Throws: ``CurareError`` with code 66 when the file does not exist, with code 65 when the file has no weights.
    public static func named(_ name: String, in workspace: Workspace) throws -> StartingWeights? {
        guard name != Recipe.Training.none else { return nil }
        let isFace = name == Recipe.Training.face
        let candidates = candidates(isFace ? "face.safetensors" : name, isFace: isFace, in: workspace)
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw MissingPath.error(
                "weights \(name.prefix(120)) not found", at: candidates[0].path,
                or: candidates.dropFirst().map(\.path),
                next: isFace
                    ? "fetch them once with: make face-weights"
                    : "put the file there, or into \(UserFolder.weights.path)")
        }
        let weights = try ModelFile(found).weights
        return StartingWeights(weights: weights, digest: weights.digest)
    }

    /// Returns the paths where the file is searched, in order of precedence.
    private static func candidates(_ file: String, isFace: Bool, in workspace: Workspace) -> [URL] {
        if file.contains("/") { return [URL(filePath: file)] }
        let folders = [workspace.weights, UserFolder.weights]
        return folders.map { $0.appending(path: file) } + (isFace ? [] : [URL(filePath: file)])
    }
}

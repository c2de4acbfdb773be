import Core
import Foundation
import Learning
import Storage
import Versions

/// Weights that a training starts from, as a recipe names them.
public struct StartingWeights: Sendable {
    public let weights: Weights
    public let digest: String

    /// - Parameter name: `face`; the name of a file in the workspace's folder `weights`, or in the person's own (`$CURARE_WEIGHTS`, else `~/.local/share/curare`); a path.
    /// - Returns: nil for `none`.
    /// - Throws: ``CurareError`` (66) where there is no such file, (65) where it holds no weights.
    public static func named(_ name: String, in workspace: Workspace) throws -> StartingWeights? {
        guard name != Recipe.Training.none else { return nil }
        let isFace = name == Recipe.Training.face
        let file = isFace ? "face.safetensors" : name
        let places =
            file.contains("/")
            ? [URL(filePath: file)]
            : [workspace.root.appending(path: "weights"), ownFolder].map { $0.appending(path: file) }
                + (isFace ? [] : [URL(filePath: file)])
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw CurareError(
                .missingInput, "there are no weights \(name.prefix(120))", at: places[0].path,
                next: isFace
                    ? "fetch them once with: make face-weights" : "put the file there, or into \(ownFolder.path)")
        }
        let weights = try ModelFile(found).weights
        return StartingWeights(weights: weights, digest: weights.digest)
    }

    private static var ownFolder: URL {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["CURARE_WEIGHTS"], !folder.isEmpty { return URL(filePath: folder) }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            return URL(filePath: data).appending(path: "curare")
        }
        return FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share/curare")
    }
}

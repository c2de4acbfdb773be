import Core
import Foundation
import Learning
import Storage
import Synchronization

/// dlib's network for face recognition with the weights in the user's folder.
enum InstalledFaceNetwork {
    private static let loaded = Mutex<(file: URL, network: FaceEmbedder)?>(nil)
    /// Larger files are not the weights.
    private static let maximumBytes = 64 << 20

    /// Returns the network; nil if the weights are not installed. Reads the weights once.
    ///
    /// - Parameter folder: the folder with the weights.
    /// - Throws: ``CurareError`` (65) if the file has other bytes.
    static func network(in folder: URL) throws -> FaceEmbedder? {
        let file = folder.appending(path: FaceEmbedder.fileName)
        return try loaded.withLock { loaded in
            if let loaded, loaded.file == file { return loaded.network }
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            do {
                let network = try FaceEmbedder(file: RegularFile(file).bytes(limit: maximumBytes))
                loaded = (file, network)
                return network
            } catch let error as LearningError {
                throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
            }
        }
    }
}

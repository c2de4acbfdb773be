import Core
import Foundation
import Imaging
import Intake
import Learning
import Storage
import Synchronization

/// dlib's MMOD network with the weights in the user's folder. ``Core/FaceDetectorKind/cnn`` needs them.
enum InstalledFaceDetector {
    private static let loaded = Mutex<(file: URL, network: CNNFaceDetector)?>(nil)
    /// Larger files are not the weights.
    private static let maximumBytes = 16 << 20

    static var file: URL { UserFolder.weights.appending(path: CNNFaceDetector.fileName) }

    static var isInstalled: Bool { FileManager.default.fileExists(atPath: file.path) }

    /// Returns the network. Reads the weights once.
    ///
    /// - Throws: ``CurareError`` (66) if the weights are not installed, (65) if the file has other bytes.
    static func network() throws -> CNNFaceDetector {
        let file = file
        return try loaded.withLock { loaded in
            if let loaded, loaded.file == file { return loaded.network }
            guard isInstalled else {
                throw CurareError(
                    .missingInput, "the weights of the face detector cnn are not installed", at: file.path,
                    next: "fetch them once with: make face-weights")
            }
            do {
                let network = try CNNFaceDetector(file: RegularFile(file).bytes(limit: maximumBytes))
                loaded = (file, network)
                return network
            } catch let error as LearningError {
                throw CurareError(.badInput, error.message, at: file.path, next: error.nextStep)
            }
        }
    }
}

extension FaceFinderLoader {
    /// Loads the HOG detector, or the network from the user's folder.
    static let installed = FaceFinderLoader { detector in
        switch detector {
        case .hog: return .hog
        case .cnn:
            let network = try InstalledFaceDetector.network()
            return .cnn { planes, height, width in try network.scores(planes, height, width) }
        }
    }
}

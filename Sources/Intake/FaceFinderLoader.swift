import Core
import Imaging

/// Loads a face detector when the first photo is searched, so that commands without a face search need no weights.
public struct FaceFinderLoader: Sendable {
    /// Returns a detector.
    public let load: @Sendable (FaceDetectorKind) throws -> FaceFinder

    public init(load: @escaping @Sendable (FaceDetectorKind) throws -> FaceFinder) {
        self.load = load
    }

    /// Loads the HOG detector only.
    public static let hog = FaceFinderLoader { detector in
        guard detector == .hog else {
            throw CurareError(
                .bug, "the face detector \(detector.rawValue) is not connected", next: "please report this")
        }
        return .hog
    }
}

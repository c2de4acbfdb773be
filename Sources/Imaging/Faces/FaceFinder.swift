import Core

/// The detector with which photos are searched for faces.
public enum FaceFinder: Sendable {
    /// Returns the scores of dlib's MMOD network for a tensor of three planes of a height and a width, row by row. The
    /// module `Learning` has the network.
    public typealias Network = @Sendable (_ planes: [Float], _ height: Int, _ width: Int) throws -> [Float]

    /// dlib's HOG detector.
    case hog
    /// dlib's MMOD network.
    case cnn(Network)

    /// The name of the detector.
    public var detector: FaceDetectorKind {
        switch self {
        case .hog: .hog
        case .cnn: .cnn
        }
    }
}

import Core
import Imaging
import Learning

/// The class that a model predicts for a photo.
public struct Prediction: Hashable, Sendable {
    /// The photo's name, as the caller gave it.
    public let image: String
    /// The name of the class, or its index when the weights list no classes.
    public let label: String
    /// One logit for each class, in index order.
    public let logits: [Float]
}

/// Inference on photos that belong to no version. Pixel values are scaled as torchvision scales them:
/// (value/255 − mean) / standard deviation.
public struct Predictor {
    private let file: ModelFile
    private let graph: Graph
    private let size: Int?
    private let team: ThreadTeam
    private let finder: () throws -> FaceFinder

    /// - Parameters:
    ///   - model: The network. Nil for the network that the file names.
    ///   - size: The side that photos are cropped and scaled to, in pixels. Nil for the size of the file's profile;
    ///     without a profile, for the shorter side of each photo.
    ///   - finder: Loads the face detector when a photo is cropped around its face.
    /// - Throws: ``CurareError`` with code 65 when the network or the number of classes is unknown; `LearningError`
    ///   when the system delivers another number of threads.
    public init(
        _ file: ModelFile, model: String?, size: Int?, threads: Int,
        faces finder: @escaping () throws -> FaceFinder = { .hog }
    ) throws {
        self.finder = finder
        guard let name = model ?? file.model else {
            throw CurareError(
                .badInput, "the weights file does not name its network",
                next: "name it with --model: \(Models.names.joined(separator: ", "))")
        }
        guard let classes = file.classes?.count ?? Self.classCount(file.weights) else {
            throw CurareError(
                .badInput, "the weights file has no last layer, so the number of classes is unknown",
                next: "use a file that was saved for \(name)")
        }
        self.file = file
        self.size = size
        graph = try Models.named(name, classes: classes)
        team = try ThreadTeam.open(threads: threads)
    }

    /// Returns the number of outputs of the last layer. Nil without a last layer of a known name.
    private static func classCount(_ weights: Weights) -> Int? {
        ["fc", "classifier", "classifier.6"].lazy.compactMap { weights.tensors["\($0).weight"]?.shape.first }.first
    }

    /// Returns predictions in the order of `images`.
    ///
    /// - Throws: ``CurareError`` with code 65 for a file that is not a photo.
    public func predict(_ images: [(name: String, bytes: [UInt8])]) throws -> [Prediction] {
        let pictures = try images.map { image in
            do {
                return try rendered(image.bytes)
            } catch let error as ImagingError {
                throw CurareError(.badInput, error.message, at: image.name, next: error.nextStep)
            }
        }
        // A network is compiled for one image size, so photos of equal size are classified together.
        var logits = [[Float]](repeating: [], count: pictures.count)
        for (side, indices) in Dictionary(grouping: pictures.indices, by: { pictures[$0].width }) {
            let classifier = try Classifier(graph, file.weights, size: side, on: team)
            let rows = try classifier.logits(of: PictureExamples(pictures: indices.map { pictures[$0] }))
            for (index, row) in zip(indices, rows) { logits[index] = row }
        }
        return zip(images, logits).map { image, logits in
            let index = predictedClass(logits)
            return Prediction(image: image.name, label: file.classes?[index] ?? String(index), logits: logits)
        }
    }

    /// Returns the image that the model classifies: the photo, cropped and scaled as the profile in the model file
    /// requires. ``size`` replaces the size of the profile.
    private func rendered(_ bytes: [UInt8]) throws -> Picture {
        let decoded = try DecodedPhoto(bytes, reduction: Reduction.measuring)
        let photo = decoded.upright
        let cropsFace = file.profile?.crop == .face
        return try DecodedPhoto.image(
            of: bytes, limits: DecodingLimits(),
            size: size ?? file.profile?.size ?? min(photo.width, photo.height), crop: cropsFace ? .face : .centre,
            margin: file.profile?.margin ?? .wide, colour: file.profile?.colour ?? .srgb,
            face: cropsFace ? FaceSearch(photo, with: finder()).face : nil, decoded: decoded)
    }
}

import Core
import Imaging
import Learning

/// What a model takes photos for.
public struct Prediction: Hashable, Sendable {
    /// As the caller named it.
    public let image: String
    /// A class's name; its number where the weights name no classes.
    public let label: String
    /// In index order.
    public let logits: [Float]
}

/// Asks a model about photos that belong to no version. Pixels go in as pixels/255, less torchvision's mean, over its deviation.
public struct Predictor {
    private let file: ModelFile
    private let graph: Graph
    private let size: Int?
    private let team: ThreadTeam

    /// - Parameters:
    ///   - model: nil takes the name in the file.
    ///   - size: the side that photos are cropped and scaled to; nil takes the file's profile, and without one each photo's own shorter side.
    /// - Throws: ``CurareError`` (65) where model or number of classes stay unknown; `LearningError` for a thread too few.
    public init(_ file: ModelFile, model: String?, size: Int?, threads: Int) throws {
        guard let name = model ?? file.model else {
            throw CurareError(
                .badInput, "the weights do not say which model they are for",
                next: "name it with --model: \(Models.names.joined(separator: ", "))")
        }
        guard let classes = file.classes?.count ?? Self.classes(in: file.weights) else {
            throw CurareError(
                .badInput, "the weights hold no last layer that says how many classes there are",
                next: "take a file that was saved for \(name)")
        }
        (self.file, self.size) = (file, size)
        graph = try Models.named(name, classes: classes)
        team = try ThreadTeam.open(threads: threads)
    }

    private static func classes(in weights: Weights) -> Int? {
        ["fc", "classifier", "classifier.6"].lazy.compactMap { weights.tensors["\($0).weight"]?.shape.first }.first
    }

    /// Labels and logits, in the order of `images`.
    ///
    /// - Throws: `ImagingError` for what is no photo.
    public func predict(_ images: [(name: String, bytes: [UInt8])]) throws -> [Prediction] {
        var pictures: [Picture] = []
        for image in images {
            do {
                pictures.append(try rendered(image.bytes))
            } catch let error as ImagingError {
                throw CurareError(.badInput, error.message, at: image.name, next: error.nextStep)
            }
        }
        var predictions: [Int: Prediction] = [:]
        // A network is compiled for one size; photos without a common one are asked size by size.
        for (side, indices) in Dictionary(grouping: pictures.indices, by: { pictures[$0].width }) {
            let classifier = try Classifier(graph, file.weights, size: side, on: team)
            let logits = try classifier.logits(of: Pictures(pictures: indices.map { pictures[$0] }))
            for (index, logits) in zip(indices, logits) {
                let decision = decision(logits)
                predictions[index] = Prediction(
                    image: images[index].name, label: file.classes?[decision] ?? String(decision), logits: logits)
            }
        }
        return images.indices.compactMap { predictions[$0] }
    }

    /// What an import would make of the photo.
    private func rendered(_ bytes: [UInt8]) throws -> Picture {
        let decoded = try DecodedPhoto(bytes, reduction: Reduction.measuring)
        let photo = decoded.upright
        let colour: Rendering.Colour = file.profile?.colour == .grey ? .grey : .srgb
        let looksAtFaces = file.profile?.crop == .face
        let rendering = Rendering(
            size: size ?? file.profile?.size ?? min(photo.width, photo.height), crop: looksAtFaces ? .face : .centre,
            colour: colour)
        return try DecodedPhoto.image(
            of: bytes, limits: DecodingLimits(), rendering, face: looksAtFaces ? FaceSearch(photo).face : nil,
            decoded: decoded)
    }
}

import Foundation
import Testing

@testable import Learning

/// Tests through `curare predict`, with weights as safetensors and photos as files.
@Suite("curare predict", .serialized) final class PredictingTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "curare-predict-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private struct Logits: Decodable {
        let inference: [Double]
    }

    private struct PredictResult: Decodable {
        struct Prediction: Decodable {
            let logits: [Double]
        }

        let predictions: [Prediction]
    }

    /// Writes photos without compression, so that pixels do not change.
    private func photos(_ count: Int, size: Int, stream: Int = 1000) throws -> [String] {
        try FormulaNumbers.pixels(images: count, size: size, stream: stream).enumerated().map { index, rgb in
            let file = folder.appending(path: "\(index).ppm")
            try Data(Array("P6\n\(size) \(size)\n255\n".utf8) + rgb).write(to: file)
            return file.path
        }
    }

    private func write(_ bytes: [UInt8]) throws -> String {
        let file = folder.appending(path: "weights.safetensors")
        try Data(bytes).write(to: file)
        return file.path
    }

    @Test(
        "logits match torchvision's within 1e-4 of the largest",
        arguments: [("resnet18", 32, 1457), ("resnet50", 64, 1000), ("vgg16", 32, 1207), ("densenet121", 64, 1000)])
    func torchvision(name: String, size: Int, stream: Int) throws {
        let golden = try JSONDecoder().decode(
            Logits.self,
            from: Data(contentsOf: #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json")))
        ).inference
        let weights = try write(
            FormulaNumbers.weights(for: Models.named(name, classes: 10), calm: name != "resnet18").safetensors())
        let run = try BuiltProgram(
            ["predict", "--model", name, "--weights", weights, "--size", "\(size)", "--json"]
                + photos(4, size: size, stream: stream),
            in: folder)
        #expect(run.status == 0, "\(run.err)")
        let logits = try JSONDecoder().decode(PredictResult.self, from: Data(run.out.utf8)).predictions.flatMap(
            \.logits)
        #expect(logits.count == 40 && golden.count == 40)
        let largest = golden.map(abs).max() ?? 0
        for (logit, expected) in zip(logits, golden) {
            #expect(abs(logit - expected) <= 1e-4 * largest, "logit \(logit), not \(expected)")
        }
    }

    /// Kinds of damage to the weights of a ResNet-18, and the expected words of the message.
    private static let hostile: [(kind: String, words: [String])] = [
        ("wrong size", ["tensor layer2.0.bn1.bias is F32 [3], not [128]"]),
        ("wrong type", ["tensor layer2.0.bn1.bias is I64"]), ("missing", ["have no tensor layer2.0.bn1.bias"]),
        ("stranger", ["unknown tensor zzz"]),
        ("no number", ["tensor layer2.0.bn1.bias has a value that is not finite"]),
        ("infinite", ["tensor layer2.0.bn1.bias has a value that is not finite"]),
        ("negative variance", ["tensor layer2.0.bn1.running_var has a negative variance"]),
        ("huge header", ["header claims", "at most"]), ("cut off", ["outside of the"]),
        ("overlap", ["tensor b starts at 4"]), ("wrong bytes", ["tensor a of shape [3] has 8 bytes"]),
    ]

    @Test("damaged weights are an error with the tensor's name", arguments: hostile.indices)
    func hostile(index: Int) throws {
        let (kind, words) = Self.hostile[index]
        let name = "layer2.0.bn1.bias"
        var tensors = Weights.initial(for: try Models.named("resnet18", classes: 10), seed: 1).tensors
        switch kind {
        case "wrong size": tensors[name] = try Tensor([3], .float32([0, 0, 0]))
        case "wrong type": tensors[name] = try Tensor([128], .int64(Array(repeating: 0, count: 128)))
        case "missing": tensors[name] = nil
        case "stranger": tensors["zzz"] = try Tensor([1], .float32([0]))
        case "no number": tensors[name] = try Tensor([128], .float32(Array(repeating: 0, count: 127) + [.nan]))
        case "infinite": tensors[name] = try Tensor([128], .float32([-.infinity] + Array(repeating: 0, count: 127)))
        case "negative variance":
            tensors["layer2.0.bn1.running_var"] = try Tensor([128], .float32(Array(repeating: 1, count: 127) + [-1]))
        default: break
        }
        var bytes = try Weights(tensors).safetensors()
        func header(_ text: String, _ data: Int) -> [UInt8] {
            withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) } + Array(text.utf8)
                + Array(repeating: 0, count: data)
        }
        switch kind {
        case "huge header": bytes.replaceSubrange(0..<8, with: repeatElement(0x7f, count: 8))
        case "cut off": bytes.removeLast(4)
        case "overlap":
            bytes = header(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                8)
        case "wrong bytes": bytes = header("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8)
        default: break
        }
        let run = try BuiltProgram(
            ["predict", "--model", "resnet18", "--weights", write(bytes), "--size", "32"] + photos(1, size: 32),
            in: folder)
        #expect(run.status == 65)
        for word in words { #expect(run.err.contains(word), "\(kind): \(run.err)") }
    }
}

import Foundation
import Testing

@testable import Learning

@Suite("Safetensors")
struct SafetensorsTests {
    private func weights() throws -> Weights {
        Weights([
            "b.weight": try Tensor([2, 3], .float32([1, -2, 3.5, .infinity, 0, -0.0])),
            "a \"quoted\"\n": try Tensor([1], .float32([7])), "n": try Tensor([], .int64([42])),
        ])
    }

    @Test("a digest covers tensors and metadata, and is compared when the file is read")
    func digestOfTheFile() throws {
        let bytes = try weights().safetensors(metadata: ["a": "bc", "ab": "c"], hasDigest: true)
        let read = try Weights.read(safetensors: bytes)
        #expect(read.hasDigest)
        #expect(read.metadata == ["a": "bc", "ab": "c"])
        #expect(try read.weights == weights())
        #expect(try !Weights.read(safetensors: weights().safetensors(metadata: ["a": "bc"])).hasDigest)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("curare.digest"))
        for changed in [
            try weights().safetensors(metadata: ["a": "bd", "ab": "c"], hasDigest: true),
            try weights().safetensors(metadata: ["ab": "cbc", "a": ""], hasDigest: true),
        ] {
            let other = try Weights.read(safetensors: changed)
            #expect(other.weights.digest == read.weights.digest)
            #expect(other.weights.digest(metadata: other.metadata) != read.weights.digest(metadata: read.metadata))
        }
        var damaged = bytes
        damaged[damaged.count - 1] ^= 0x40
        let error = #expect(throws: LearningError.self) { try Weights.read(safetensors: damaged) }
        #expect(error?.message.contains("digest") == true)
    }

    @Test("writing and reading returns the same weights and metadata, and the same bytes again")
    func roundTrip() throws {
        let bytes = try weights().safetensors(metadata: ["who": "a\u{1}\\ü"])
        let read = try Weights.read(safetensors: bytes)
        #expect(read.weights == (try weights()))
        #expect(read.metadata == ["who": "a\u{1}\\ü"])
        #expect(try read.weights.safetensors(metadata: read.metadata) == bytes)
    }

    @Test("wider types come first, and the header ends at a multiple of eight")
    func alignment() throws {
        let bytes = try weights().safetensors()
        let header = Int(bytes[0]) | Int(bytes[1]) << 8
        #expect(header % 8 == 0)
        #expect(Array(bytes[8 + header..<16 + header]) == [42, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("the digest depends on names, shapes and numbers, not on metadata")
    func digest() throws {
        let digest = try weights().digest
        #expect(digest.count == 64)
        #expect(try Weights.read(safetensors: weights().safetensors(metadata: ["a": "b"])).weights.digest == digest)
        var tensors = try weights().tensors
        tensors["b.weight"] = try Tensor([3, 2], .float32([1, -2, 3.5, .infinity, 0, -0.0]))
        #expect(Weights(tensors).digest != digest)
        tensors["b.weight"] = try Tensor([2, 3], .float32([1, -2, 3.5, .infinity, 0, 0.0]))
        #expect(Weights(tensors).digest != digest)
    }

    @Test("the digest matches its definition")
    func definition() throws {
        // printf 'w F32 2x1\n\0\0\x80\x3f\0\0\0\xc0' | sha256sum
        #expect(
            Weights(["w": try Tensor([2, 1], .float32([1, -2]))]).digest
                == "ed27c9f0e18f927efa9fc7c8a0246f0b8aa7e70b77c92a3ec90f1996214b62a4")
    }

    /// Returns a file with this header and the given number of data bytes.
    private static func file(_ header: String, data: Int, claimed: UInt64? = nil) -> [UInt8] {
        withUnsafeBytes(of: (claimed ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8)
            + Array(repeating: 0, count: data)
    }

    static let damaged: [(damage: String, bytes: [UInt8], word: String)] = [
        ("empty", [], "0 bytes"),
        ("header longer than the file", file("{}", data: 0, claimed: 3), "claims 3 bytes"),
        ("header of 2⁶⁴ bytes", file("{}", data: 0, claimed: .max), "at most"),
        ("no JSON", file("{\"a\":", data: 0), "header"),
        ("a hundred thousand brackets", file("{\"a\":" + String(repeating: "[", count: 100_000), data: 0), "header"),
        (
            "one name twice",
            file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                data: 8), "4 bytes belong to no tensor"
        ),
        ("an array", file("[]", data: 0), "object"),
        ("a tensor that is a number", file("{\"a\":1}", data: 0), "header"),
        ("metadata that is no text", file("{\"__metadata__\":{\"a\":1}}", data: 0), "header"),
        (
            "end outside the file", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", data: 4),
            "tensor a ends at 8"
        ),
        (
            "end before the start", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,-4]}}", data: 0),
            "tensor a"
        ),
        (
            "start below zero", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", data: 0),
            "tensor a"
        ),
        (
            "one offset", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", data: 4),
            "tensor a has the offsets"
        ),
        (
            "overlap",
            file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                data: 8), "tensor b starts at 4"
        ),
        (
            "gap", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", data: 8),
            "tensor a starts at 4"
        ),
        (
            "bytes of no tensor", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", data: 8),
            "4 bytes belong to no tensor"
        ),
        (
            "shape and bytes disagree",
            file("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", data: 8), "tensor a of shape [3]"
        ),
        (
            "shape that overflows",
            file("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,0]}}", data: 0),
            "tensor a has the shape"
        ),
        (
            "negative shape", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}", data: 4),
            "tensor a has the shape"
        ),
        ("another type", file("{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", data: 4), "F16"),
    ]

    @Test("the error of a damaged file names the damage", arguments: damaged.indices)
    func hostile(index: Int) {
        let (damage, bytes, word) = Self.damaged[index]
        let error = #expect(throws: LearningError.self, "\(damage)") { try Weights.read(safetensors: bytes) }
        #expect(error?.code == .weights)
        #expect(error?.message.contains(word) == true, "\(damage): \(error?.message ?? "")")
    }

    @Test("a file that is cut anywhere is an error")
    func truncated() throws {
        let bytes = try weights().safetensors()
        for length in bytes.indices {
            #expect(throws: LearningError.self) { try Weights.read(safetensors: Array(bytes[..<length])) }
        }
    }

    @Test("the error of weights that do not fit the model names the tensor")
    func fit() throws {
        let model = SmallModels.plain(classes: 3)
        let weights = Weights.initial(for: model, seed: 1)
        try weights.check(fit: model)
        for (change, word) in [(nil, "fc.bias"), (try Tensor([4], .float32([0, 0, 0, 0])), "fc.bias")]
            as [(Tensor?, String)]
        {
            var tensors = weights.tensors
            tensors["fc.bias"] = change
            let error = #expect(throws: LearningError.self) { try Weights(tensors).check(fit: model) }
            #expect(error?.message.contains(word) == true)
        }
        var more = weights.tensors
        more["stray"] = try Tensor([1], .float32([0]))
        #expect(throws: LearningError.self) { try Weights(more).check(fit: model) }
    }

}

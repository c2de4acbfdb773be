import Core
import Foundation
import Testing

@testable import Learning

@Suite("dlib's MMOD face detector")
struct CNNFaceDetectorTests {
    /// mmod_scores.py computed the expected scores.
    private struct Golden: Decodable {
        let height, width, rows, columns: Int
        let scores: [Double]

        static func read() throws -> Golden {
            let file = try #require(Bundle.module.url(forResource: "Golden/mmod-scores", withExtension: "json"))
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        }
    }

    /// The formula of mmod_scores.py.
    private static func formula(_ count: Int, _ step: Int, _ amplitude: Float, plus offset: Float = 0) -> [Float] {
        (0..<count).map { Float($0 * step % 2003 % 1024 - 512) / 1024 * amplitude + offset }
    }

    private static let layers = [(16, 5), (32, 5), (32, 5), (45, 5), (45, 5), (45, 5), (1, 9)]

    private static func weights() throws -> Weights {
        var tensors: [String: Tensor] = [:]
        var inputs = 3
        for (index, (outputs, side)) in layers.enumerated() {
            let number = index + 1
            tensors["conv\(number).weight"] = try Tensor(
                [outputs, inputs, side, side], .float32(formula(outputs * inputs * side * side, 104729 + number, 0.25)))
            tensors["conv\(number).bias"] = try Tensor([outputs], .float32(formula(outputs, 31 + number, 0.5)))
            if outputs > 1 {
                tensors["affine\(number).weight"] = try Tensor(
                    [outputs], .float32(formula(outputs, 17 + number, 0.125, plus: 0.125)))
                tensors["affine\(number).bias"] = try Tensor([outputs], .float32(formula(outputs, 57 + number, 1)))
            }
            inputs = outputs
        }
        return Weights(tensors)
    }

    private static func input(_ height: Int, _ width: Int) -> [Float] { formula(3 * height * width, 7919, 1) }

    @Test("the scores match numpy's") func scores() throws {
        let golden = try Golden.read()
        let detector = try CNNFaceDetector(Self.weights())
        let scores = try detector.scores(Self.input(golden.height, golden.width), golden.height, golden.width)
        #expect(scores.count == golden.rows * golden.columns && scores.count == golden.scores.count)
        let largest = golden.scores.map(abs).max() ?? 1
        for (score, expected) in zip(scores, golden.scores) {
            #expect(abs(Double(score) - expected) < 1e-5 * largest)
        }
    }

    @Test("threads and input sizes in any order give the same bits") func threads() throws {
        let detector = try CNNFaceDetector(Self.weights())
        let sizes = [(101, 141), (45, 61), (101, 141), (77, 33), (45, 61)]
        let expected = try sizes.map { try detector.scores(Self.input($0.0, $0.1), $0.0, $0.1) }
        let parallel = ThreadBudget(4).map(40) { index in
            let (height, width) = sizes[index % sizes.count]
            return Result { try detector.scores(Self.input(height, width), height, width) }
        }
        for (index, result) in parallel.enumerated() {
            #expect(try result.get() == expected[index % sizes.count])
        }
    }

    @Test("a run leaves the number of OpenMP threads as it was") func openMPThreads() throws {
        let team = try ThreadTeam.open(threads: 2)
        _ = try CNNFaceDetector(Self.weights()).scores(Self.input(45, 61), 45, 61)
        var marks = [Int](repeating: 0, count: 2)
        marks.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            team.split(2, grain: 1) { range in for index in range { buffer[index] = 1 } }
        }
        #expect(marks == [1, 1])
        try team.recount()
    }

    @Test("a file with other bytes is rejected", arguments: [0, 8, 1000]) func wrongDigest(_ count: Int) throws {
        let error = #expect(throws: LearningError.self) {
            try CNNFaceDetector(file: [UInt8](repeating: 1, count: count))
        }
        #expect(error?.code == .weights && error?.nextStep?.contains("make face-weights") == true)
    }

    @Test("weights of another shape are rejected") func wrongShape() throws {
        var tensors = try Self.weights().tensors
        tensors["conv7.weight"] = try Tensor([1, 45, 9, 1], .float32([Float](repeating: 0, count: 405)))
        #expect(throws: LearningError.self) { try CNNFaceDetector(Weights(tensors)) }
        tensors["conv7.weight"] = nil
        #expect(throws: LearningError.self) { try CNNFaceDetector(Weights(tensors)) }
    }

    @Test("planes of another size, and planes without an output, are rejected") func wrongInput() throws {
        let detector = try CNNFaceDetector(Self.weights())
        let data = #expect(throws: LearningError.self) { try detector.scores([0, 0, 0], 2, 2) }
        #expect(data?.code == .data)
        #expect(throws: LearningError.self) { try detector.scores(Self.input(20, 20), 20, 20) }
    }
}

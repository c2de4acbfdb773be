import Catalog
import Core
import Foundation
import GRDB
import TestSupport
import Testing

/// Face embeddings: they are stored exactly, and removed when another face counts or a person withdraws.
@Suite struct EmbeddingTests {
    private static let weights = FileDigest.sha256(of: "weights".utf8)
    private static let other = FileDigest.sha256(of: "other".utf8)

    private func embedding(_ seed: Int) throws -> FaceEmbedding {
        try #require(FaceEmbedding((0..<FaceEmbedding.count).map { Float($0 - seed) / 7 }))
    }

    private func with(_ body: (SyntheticStudy) throws -> Void) throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["ada", "bruno"])
            try study.photo("a1", in: "s1", label("ada"))
            try study.photo("b1", in: "s1", label("bruno"))
            try study.catalog.store(
                embeddings: [photoID("a1"): embedding(1), photoID("b1"): embedding(2)], weights: Self.weights)
            try body(study)
        }
    }

    @Test func embeddingsAreRestoredExactly() throws {
        try with { study in
            let all = [photoID("a1"): try embedding(1), photoID("b1"): try embedding(2)]
            #expect(try study.catalog.embeddings() == all)
            #expect(try study.catalog.embeddings(weights: Self.weights) == all)
            #expect(try study.catalog.embeddings(weights: Self.other) == [:])
            #expect(try study.catalog.embeddings(limit: 1).keys.sorted() == [all.keys.min()])
            #expect(try study.catalog.embeddedPhotos(weights: Self.weights) == Set(all.keys))
            #expect(try study.catalog.embeddedPhotos(weights: Self.other) == [])
        }
    }

    @Test func newerEmbeddingsReplaceOlderOnesAndUnknownPhotosAreLeftOut() throws {
        try with { study in
            try study.catalog.store(
                embeddings: [photoID("a1"): embedding(3), photoID("unknown"): embedding(4)], weights: Self.other)
            #expect(try study.catalog.embeddings(weights: Self.other) == [photoID("a1"): embedding(3)])
            #expect(try study.catalog.embeddings(weights: Self.weights) == [photoID("b1"): embedding(2)])
        }
    }

    @Test func anotherFaceBoxRemovesTheEmbedding() throws {
        try with { study in
            let box = Box(x: 0, y: 0, width: 1, height: 1)
            try study.catalog.store([PhotoEdit(photoID("a1"), boxes: [.face: box])], made: "")
            #expect(try study.catalog.embeddings() == [photoID("b1"): embedding(2)])
        }
    }

    @Test func anotherLabelKeepsTheEmbedding() throws {
        try with { study in
            try study.add(label("bruno"), to: photoID("a1"), .review)
            #expect(try study.catalog.embeddings().count == 2)
        }
    }

    @Test func newMeasurementRemovesTheEmbedding() throws {
        try with { study in
            let record = FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)
            let measures = PhotoMeasures(
                perceptualHash: PerceptualHash(1), face: record,
                quality: PhotoQuality(sharpness: 1, luma: 1, dark: 1, bright: 1, beyond: nil),
                light: PhotoLight(red: 1, green: 1, blue: 1))
            try study.catalog.replace(measures: [photoID("a1"): measures], detector: .hog)
            #expect(try study.catalog.embeddings() == [photoID("b1"): embedding(2)])
        }
    }

    @Test func withdrawalRemovesTheEmbedding() throws {
        try with { study in
            let ada = WithdrawalSubject.volunteer(try #require(VolunteerName("ada")))
            _ = try study.catalog.begin(
                WithdrawalOrder(ada, photos: study.catalog.photos(of: ada), otherFiles: [], paths: [], versions: []),
                made: "2026-05-05T00:00:00Z")
            #expect(try study.catalog.embeddings() == [photoID("b1"): embedding(2)])
        }
    }

    @Test(arguments: [
        "UPDATE embedding SET vector = x'00'", "UPDATE embedding SET weights = 'x'", "UPDATE embedding SET photo = 'x'",
        "UPDATE embedding SET vector = 'text'",
    ])
    func schemaRejects(_ sql: String) throws {
        try with { study in
            #expect(throws: DatabaseError.self) { try study.raw { try $0.execute(sql: sql) } }
        }
    }

    /// 128 numbers that are not finite have the right length.
    @Test func numbersThatAreNotFiniteAreAnError() throws {
        try with { study in
            let blob = Data([UInt8](repeating: 0xff, count: 512))
            try study.raw { try $0.execute(sql: "UPDATE embedding SET vector = ?", arguments: [blob]) }
            let error = #expect(throws: CurareError.self) { try study.catalog.embeddings() }
            #expect(error?.code == .badInput)
        }
    }
}

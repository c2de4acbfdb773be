import Catalog
import Core
import Foundation
import Learning
import Storage
import Testing
import WorkflowTestSupport

@testable import Workflows

@Suite struct FaceEmbeddingTests {
    private func embedding(_ first: Float) throws -> FaceEmbedding {
        var values = [Float](repeating: 0, count: FaceEmbedding.count)
        values[0] = first
        return try #require(FaceEmbedding(values))
    }

    private func photo(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

    @Test("The nearest photo of each person is reported, the nearest people first, and not the photo itself")
    func nearest() throws {
        let words: [(String, Float)] = [("own", 0), ("a", 3), ("a near", 2), ("b", 1), ("unlabelled", 0.5)]
        var embeddings: [PhotoID: FaceEmbedding] = [:]
        for (word, first) in words { embeddings[photo(word)] = try embedding(first) }
        let ada = try #require(VolunteerName("ada"))
        let bruno = try #require(VolunteerName("bruno"))
        let people = NearestFaces.nearestPeople(
            near: try embedding(0), of: photo("own"), among: embeddings,
            [photo("own"): ada, photo("a"): ada, photo("a near"): ada, photo("b"): bruno])
        #expect(people.map(\.volunteer) == ["bruno", "ada"])
        #expect(people.map(\.distance) == [1, 2])
        #expect(people.map(\.photo) == [photo("b"), photo("a near")].map(\.hex))
    }

    @Test("At most five people are reported") func five() throws {
        var embeddings: [PhotoID: FaceEmbedding] = [:]
        var labels: [PhotoID: VolunteerName] = [:]
        for number in 1...7 {
            embeddings[photo("\(number)")] = try embedding(Float(number))
            let volunteer = try #require(VolunteerName("p\(number)"))
            labels[photo("\(number)")] = volunteer
        }
        let people = NearestFaces.nearestPeople(near: try embedding(0), of: photo("own"), among: embeddings, labels)
        #expect(people.map(\.volunteer) == ["p1", "p2", "p3", "p4", "p5"])
    }

    @Test("Without weights, an audit reports that checks were left out, and nearest faces are empty")
    func withoutWeights() throws {
        let study = try ImportedDemo.shared.workspace
        var reports: [String] = []
        _ = try study.run(AuditDataset.self, AuditDataset.Request()) { event in
            if case .facesNotEmbedded(.weightsNotInstalled) = event { reports.append("not installed") }
        }
        #expect(reports == ["not installed"])
        let nearest = try study.run(NearestFaces.self, NearestFaces.Request(photo: "spring-garden/IMG_0001.jpg"))
        #expect(!nearest.installed && nearest.people.isEmpty)
        let error = #expect(throws: CurareError.self) {
            try study.run(NearestFaces.self, NearestFaces.Request(photo: "nowhere/1.jpg"))
        }
        #expect(error?.code == .missingInput)
    }

    @Test("Without weights, computing embeddings is an error that names make face-weights") func embedWithoutWeights()
        throws
    {
        let scratch = try Scratch()
        let study = try SmallStudy.shared.copy(in: scratch)
        let error = #expect(throws: CurareError.self) { try study.run(EmbedFaces.self, EmbedFaces.Request()) }
        #expect(error?.code == .missingInput)
        #expect(error?.nextStep?.contains("make face-weights") == true)
    }

    @Test("A file with other bytes is an error") func otherWeights() throws {
        let scratch = try Scratch()
        try scratch.write("no weights", to: "weights/\(FaceEmbedder.fileName)")
        var study = try SmallStudy.shared.copy(in: scratch)
        study.weights = scratch.url("weights")
        let error = #expect(throws: CurareError.self) { try study.run(EmbedFaces.self, EmbedFaces.Request()) }
        #expect(error?.code == .badInput)
    }

    @Test(
        "Embeddings of a drawn study are stored once, and an audit uses them",
        .enabled(
            if: FileManager.default.fileExists(
                atPath: UserFolder.weights.appending(path: FaceEmbedder.fileName).path), "run make face-weights"))
    func embed() throws {
        let scratch = try Scratch()
        var study = WorkspaceFixture(scratch.url("copy"))
        try ImportedDemo.shared.workspace.copyFiles(to: study.folder)
        study.weights = UserFolder.weights
        let first = try study.run(EmbedFaces.self, EmbedFaces.Request())
        #expect(first.embedded == first.withFace && first.failed == 0 && first.withFace > 0)
        #expect(try study.run(EmbedFaces.self, EmbedFaces.Request()).embedded == 0)
        var hasComputed = false
        _ = try study.run(AuditDataset.self, AuditDataset.Request()) { event in
            if case .ended(.embeddingFaces) = event { hasComputed = true }
        }
        #expect(!hasComputed)
        let nearest = try study.run(NearestFaces.self, NearestFaces.Request(photo: "spring-garden/IMG_0001.jpg"))
        #expect(nearest.installed)
    }
}

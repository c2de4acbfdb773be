import Core
import Foundation
import Schemas
import Testing
import WorkflowTestSupport
import Workflows

@testable import Review

/// The object that `curare review --json` prints.
@Suite struct ReviewResultTests {
    @Test("The result has the keys of its schema, and its address is on the loopback interface")
    func result() async throws {
        let scratch = try Scratch()
        let review = try await TestReview(SmallStudy.shared.copy(in: scratch))
        let schema = try SchemaWalk(text: #require(Schemas.documents.first { $0.name == "review" }).text)
        #expect(try schema.problems(inText: ResultJSON.text(of: review.server.result)) == [])
        #expect(review.server.address == "http://127.0.0.1:\(review.server.port)/?token=\(review.token)")
        #expect(review.token.utf8.count == 64)
    }

    @Test("A port that is in use is an error with a next step")
    func usedPort() async throws {
        let scratch = try Scratch()
        let review = try await TestReview(SmallStudy.shared.copy(in: scratch))
        let error = #expect(throws: CurareError.self) {
            try ReviewServer(review.study, port: review.server.port, threads: 1)
        }
        #expect(error?.code == .inputOutput && error?.nextStep?.contains("--port") == true)
    }
}

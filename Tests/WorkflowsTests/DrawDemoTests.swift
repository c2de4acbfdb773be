import Core
import Foundation
import Testing
import WorkflowTestSupport
import Workflows

@Suite struct DrawDemoTests {
    @Test("A folder that exists is an error, and is not changed") func existingFolder() throws {
        let scratch = try Scratch()
        try scratch.write("x", to: "demo/mine")
        let error = #expect(throws: CurareError.self) {
            try WorkspaceFixture(scratch.root).run(DrawDemo.self, DrawDemo.Request(folder: scratch.url("demo")))
        }
        #expect(error?.code == .badInput && error?.message == "a file or folder with this name exists already")
        #expect(error?.location == scratch.path("demo") && error?.nextStep != nil)
        let left = try bytes(below: scratch.root)
        #expect(left == ["demo/mine": Data("x".utf8)])
    }
}

import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Checking

@Suite struct MissingVersionsTests {
    private func problems(_ known: [String], runs: [String] = [], exports: [String] = []) -> [String] {
        MissingVersions(known: Set(known.compactMap(VersionReference.init)), runs: runs, exports: exports)
            .problems(in: Workspace(root: URL(filePath: "/study")))
            .map { "\($0.kind.rawValue) \($0.path): \($0.detail)\($0.isRepairable ? " repairable" : "")" }.sorted()
    }

    @Test func knownVersionIsNoProblem() {
        #expect(problems(["t@1", "t@2"], runs: ["t@1", "t@1"], exports: ["t@2"]) == [])
        #expect(problems([]) == [])
    }

    @Test func eachMissingVersionIsOneProblem() {
        #expect(
            problems(["t@1"], runs: ["t@1", "t@2", "t@2"], exports: ["t@2", "u@1"]) == [
                "missing-version versions/t/2: the folder of the version is missing, and 2 runs and 1 export name "
                    + "this version; restore the folder from a copy",
                "missing-version versions/u/1: the folder of the version is missing, and 1 export names "
                    + "this version; restore the folder from a copy",
            ])
    }

    /// The text comes from a file that can be damaged.
    @Test(arguments: ["", "t", "../t@1", "t@0", "t@01", "t@-1", "t@1@2", "T@1", "t@9999999999999999999999"])
    func textThatNamesNoVersionIsIgnored(_ text: String) {
        #expect(problems([], runs: [text], exports: [text]) == [])
    }
}

import Catalog
import Core
import Testing

@Suite struct ExportTests {
    private func record(_ version: String, _ path: String, isAnonymous: Bool = false) -> ExportRecord {
        ExportRecord(
            version: version, digest: .sha256(of: version.utf8), format: "csv", isAnonymous: isAnonymous, path: path,
            made: "2026-05-04T00:00:00Z")
    }

    @Test func exportsAreReturnedInOrder() throws {
        try SyntheticStudy.with { study in
            let all = [
                record("a@1", "/z"), record("b@12", "/y", isAnonymous: true), record("a@1", "/x"), record("a@1", "/z"),
            ]
            for one in all { try study.catalog.record(one) }
            #expect(try study.catalog.exports() == all)
            #expect(try study.catalog.exports(of: "a@1") == [all[0], all[2], all[3]])
            #expect(try study.catalog.exports(of: "a@2") == [])
        }
    }

    @Test func exportsOfABundleAreStoredTogetherOrNotAtAll() throws {
        try SyntheticStudy.with { study throws in
            let bundle = [record("a@2", "/b.tar"), record("a@1", "/b.tar")]
            try study.catalog.record(bundle)
            #expect(try study.catalog.exports() == bundle)
            #expect(throws: CurareError.self) { try study.catalog.record([record("c@1", "/c"), record("c@2", "out")]) }
            #expect(try study.catalog.exports() == bundle)
        }
    }

    @Test func relativePathIsAnError() throws {
        try SyntheticStudy.with { study throws in
            #expect(throws: CurareError.self) { try study.catalog.record(record("a@1", "out")) }
            #expect(throws: CurareError.self) { try study.catalog.record(record("a", "/out")) }
            #expect(try study.catalog.exports() == [])
        }
    }
}

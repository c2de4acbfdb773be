import Catalog
import Core
import Testing

@Suite struct RemovalTests {
    private static let made = "2026-05-04T00:00:00Z"

    private func record(_ kind: RemovalRecord.Kind, _ name: String, pending: Bool = true) -> RemovalRecord {
        RemovalRecord(kind: kind, name: name, isPending: pending, made: Self.made)
    }

    @Test func removalsArePendingUntilTheyEnd() throws {
        try SyntheticStudy.with { study in
            let catalog = study.catalog
            #expect(try catalog.removals() == [])
            try catalog.begin(removals: [(.run, "t-1-2"), (.version, "t@1"), (.models, "t-1-1")], made: Self.made)
            #expect(
                try catalog.removals() == [record(.models, "t-1-1"), record(.run, "t-1-2"), record(.version, "t@1")])
            try catalog.endRemovals()
            #expect(try catalog.removals().allSatisfy { !$0.isPending })
            #expect(try catalog.removed(.version) == ["t@1"] && catalog.removed(.run) == ["t-1-2"])
            // The same run can come back from a backup and be removed again.
            try catalog.begin(removals: [(.run, "t-1-2")], made: Self.made)
            #expect(try catalog.removals().filter(\.isPending) == [record(.run, "t-1-2")])
        }
    }

    @Test func modelsThatExistAgainAreNotRecorded() throws {
        try SyntheticStudy.with { study in
            let catalog = study.catalog
            try catalog.begin(removals: [(.models, "t-1-1"), (.models, "t-1-2"), (.models, "t-1-3")], made: Self.made)
            try catalog.recordModels(of: "t-1-1")
            try catalog.recordModels(of: "unknown")
            // A run that is removed has no models.
            try catalog.begin(removals: [(.run, "t-1-2")], made: Self.made)
            #expect(try catalog.removed(.models) == ["t-1-3"])
        }
    }

    @Test func invalidNameStoresNothing() throws {
        try SyntheticStudy.with { study throws in
            #expect(throws: CurareError.self) {
                try study.catalog.begin(removals: [(.run, "t-1-1"), (.version, "t")], made: Self.made)
            }
            #expect(try study.catalog.removals() == [])
        }
    }
}

import Auditing
import Core
import Testing

@Suite struct AcceptedFindingTests {
    private func acceptance(_ reason: String = "known") throws -> Acceptance {
        try Acceptance(reason: reason, author: Author("bea"), made: "t")
    }

    /// The expected values: `hashlib.sha256` of the text that the documentation of the key defines.
    @Test("The key is the start of a digest of the check and the photos, or of the detail") func keys() {
        let photos = [photoID("b"), photoID("a")]
        #expect(Finding(.blurred, .warning, count: 2, "x", photos: photos).key == "22c722cd324554ba")
        #expect(Finding(.blurred, .error, count: 3, "y", photos: photos.reversed()).key == "22c722cd324554ba")
        #expect(Finding(.leakage, .error, count: 1, "x").key == "a1806f8e4a8ec980")
        #expect(Finding(.tooDark, .warning, count: 2, "x", photos: photos).key != "22c722cd324554ba")
        #expect(Finding(.blurred, .warning, count: 1, "x", photos: [photoID("a")]).key != "22c722cd324554ba")
    }

    private let audit = Audit(catalog: bare(4, of: "a", "b") + [fact("u", of: nil)], groups: .standard) { _ in false }

    @Test("An accepted error does not fail the audit, and is the last finding") func accepted() throws {
        #expect(audit.findings.map(\.check) == [.missingImage, .unlabelled] && !audit.passes)
        let error = audit.findings[0]
        let respecting = audit.respecting([
            AcceptedFinding(check: "missing-image", key: error.key, try acceptance("the disk is away"))
        ])
        #expect(respecting.passes && respecting.findings.map(\.check) == [.unlabelled, .missingImage])
        #expect(respecting.findings.map(\.acceptance?.reason) == [nil, "the disk is away"])
        #expect(respecting.openFindings.map(\.check) == [.unlabelled])
        #expect(respecting.findings[1].key == error.key)
    }

    @Test("An acceptance of another check or key has no effect") func otherAcceptances() throws {
        let key = audit.findings[0].key
        let others = [
            AcceptedFinding(check: "unlabelled", key: key, try acceptance()),
            AcceptedFinding(check: "missing-image", key: "0123456789abcdef", try acceptance()),
        ]
        for accepted in [[], others] {
            let respecting = audit.respecting(accepted)
            #expect(respecting.findings == audit.findings && !respecting.passes)
        }
    }
}

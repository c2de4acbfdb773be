import Core

extension Finding {
    /// The number of hex digits of ``key``.
    public static let keyDigits = 16

    /// Identifies the finding between audits: the first 16 hex digits of the SHA-256 of the check's name, a line feed, and
    /// the sorted ids of the photos, separated by line feeds. Without photos, ``detail`` takes the place of the ids. A
    /// ``topic`` follows after a line feed.
    ///
    /// The key changes when the finding lists other photos, so that an acceptance never covers photos that nobody reviewed.
    public var key: String {
        var hasher = SHA256Hasher()
        hasher.update("\(check.rawValue)\n".utf8)
        if photos.isEmpty { hasher.update(detail.utf8) }
        for (index, photo) in photos.sorted().enumerated() {
            if index > 0 { hasher.update("\n".utf8) }
            hasher.update(photo.hex.utf8)
        }
        if !topic.isEmpty { hasher.update("\n\(topic)".utf8) }
        let digest: FileDigest = hasher.finalize()
        return String(digest.hex.prefix(Self.keyDigits))
    }
}

extension Audit {
    /// The findings that nobody has accepted.
    public var openFindings: [Finding] { findings.filter { $0.acceptance == nil } }

    /// Returns the audit in which the accepted findings have their acceptance. Accepted findings are the last, and do not
    /// make the audit fail.
    public func respecting(_ accepted: [AcceptedFinding]) -> Audit {
        guard !accepted.isEmpty else { return self }
        let acceptances = Dictionary(grouping: accepted, by: \.check).mapValues { findings in
            Dictionary(findings.map { ($0.key, $0.acceptance) }) { first, _ in first }
        }
        var audit = self
        let marked = findings.map { finding in
            var finding = finding
            finding.acceptance = acceptances[finding.check.rawValue]?[finding.key]
            return finding
        }
        audit.findings = marked.filter { $0.acceptance == nil } + marked.filter { $0.acceptance != nil }
        return audit
    }
}

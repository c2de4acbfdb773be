import Core

/// Whether a version may leave the shelf: be trained or exported.
extension Verification {
    /// Why `version`, whose verification this is, may not be used today; what is only worth knowing is returned as warnings.
    ///
    /// - Throws: ``CurareError`` (65) where its files or selection do not agree, it was redacted, a photo is gone or was withdrawn, or someone's consent is missing.
    public func admit(_ version: Version) throws -> [String] {
        for layer in [Layer.files, .selection] where !holds(layer) {
            let first = problems.first { $0.layer == layer }?.detail ?? ""
            throw CurareError(
                .badInput, "\(version.reference) is not what it was when it was made (\(layer.rawValue)): \(first)",
                next: "see curare verify \(version.reference); split its recipe again for a version that agrees")
        }
        if let redacted {
            throw CurareError(
                .badInput, "\(version.reference) was redacted: \(redacted.photos) of its photos were withdrawn",
                next: "split the recipe again: the new version leaves them out")
        }
        let lost = problems.filter { [.consentMissing, .missing, .withdrawn].contains($0.kind) }
        guard lost.isEmpty else {
            throw CurareError(
                .badInput, "\(lost.count) photos of \(version.reference) may not be used any more: \(lost[0].detail)",
                next: "split the recipe again: the new version leaves them out")
        }
        let relabelled = problems.count { $0.kind == .relabelled }
        return relabelled == 0
            ? [] : ["\(relabelled) photos were relabelled since the version was made; the version's labels count"]
    }
}

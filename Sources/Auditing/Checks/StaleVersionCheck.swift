import Core
import Versions

/// Photos of a version for which the catalog has changed since the version was made.
struct StaleVersionCheck: AuditCheck {
    static let definition = CheckDefinition(
        .staleVersion, title: "Photos that have changed in the catalog since the version was made",
        definition: """
            Compares each photo of a version with the catalog: its label, its consent, whether it is still there and, for \
            face crops and triggers drawn on faces, its face. A new face changes the image. A version itself never \
            changes, so that it keeps labels that are wrong today. A renamed volunteer or trigger is not another label. \
            Photos that were withdrawn in a redacted version do not count.
            """,
        threshold: "One photo.",
        severity: """
            Warning, because the version is still what its digest describes, but a new split would be different. The \
            check `consent` is more severe, and reports the photos without consent too.
            """,
        source: "The same comparison is the layer `catalog` of curare verify (docs/format.md).", scope: .version)

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version else { return [] }
        var photosOfKind: [Verification.Mismatch.Kind: Set<PhotoID>] = [:]
        for mismatch in version.differences(from: subject.facts, subject.names) {
            if let photo = mismatch.photo { photosOfKind[mismatch.kind, default: []].insert(photo) }
        }
        guard !photosOfKind.isEmpty else { return [] }
        let names: [(Verification.Mismatch.Kind, String)] = [
            (.relabelled, "another label"), (.otherFace, "another face"), (.consentMissing, "no consent"),
            (.missing, "no longer in the catalog"),
        ]
        let changes = names.compactMap { kind, name in photosOfKind[kind].map { "\($0.count) \(name)" } }
        let photos = photosOfKind.values.reduce(into: Set<PhotoID>()) { $0.formUnion($1) }.sorted()
        let finding = Finding(
            .staleVersion, .warning, count: photos.count,
            "\(photos.count) photos have changed in the catalog since this version was made "
                + "(\(changes.joined(separator: ", "))); list them with: curare verify \(version.reference); for a version "
                + "with today's labels and faces: curare split RECIPE.yaml", photos: photos)
        return [finding]
    }
}

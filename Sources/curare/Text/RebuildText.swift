import Core
import Workflows

/// The text output of `curare rebuild`.
enum RebuildText {
    static func text(_ result: RebuildImages.Result) -> String {
        if result.digestMatches == false, let expected = result.expectedDigest {
            return """
                \(result.version) does not have the expected digest; nothing was made
                  expected: \(expected)
                  folder:   \(result.digest)
                """
        }
        var lines = [
            """
            \(result.version): made \(result.made) of \(result.total) images; the digest of each image equals the \
            recorded digest
            """
        ]
        if result.digestMatches == true { lines.append("the version has the expected digest") }
        return (lines + export(result) + missing(result) + otherPhotos(result)).joined(separator: "\n")
    }

    private static func export(_ result: RebuildImages.Result) -> [String] {
        if result.isExportRefused {
            return [
                "nothing was exported, because images are missing; to export the others, add --allow-incomplete"
            ]
        }
        guard let export = result.export else { return [] }
        let omitted = export.omitted > 0 ? ", without \(counted(export.omitted, "image"))" : ""
        return [
            "exported as \(export.format): \(counted(export.files, "file")), \(export.bytes) bytes\(omitted)",
            result.images,
        ]
    }

    /// The number of missing photos, by session and by person, and the first photos.
    private static func missing(_ result: RebuildImages.Result) -> [String] {
        let photos = Set(result.missing.map(\.photo)).sorted()
        guard !photos.isEmpty else { return [] }
        func counts(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        return [
            "photos missing: \(photos.count)", "  by session: \(counts(result.missingBy.sessions))",
            "  by person: \(counts(result.missingBy.volunteers))",
        ] + Table.firstItems(photos)
    }

    private static func otherPhotos(_ result: RebuildImages.Result) -> [String] {
        let lists: [(title: String, items: [String])] = [
            (
                "images with other pixels",
                result.differing.map { "\($0.photo)\($0.overlay == nil ? "" : ", with a drawn trigger")" }
            ),
            ("photos that could not be decoded", result.failed.map { "\($0.photo): \($0.reason ?? "")" }),
        ]
        return lists.filter { !$0.items.isEmpty }.flatMap {
            ["\($0.title): \($0.items.count)"] + Table.firstItems($0.items)
        }
    }
}

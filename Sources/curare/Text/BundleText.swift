import Core
import Workflows

/// The text output of `curare bundle` and `curare unbundle`.
enum BundleText {
    static func text(_ result: BundleVersion.Result) -> String {
        var lines = [
            "bundled \(result.version) with \(parts(result.parts)): \(counted(result.files, "file")), \(fileSize(result.bytes))"
        ]
        if !result.bases.isEmpty { lines.append("with \(result.bases.joined(separator: ", ")), which it extends") }
        lines += result.warnings.map { "warning: \($0)" }
        lines += result.metadata.sorted { $0.key < $1.key }.map {
            "warning: \($1) originals have metadata of the kind \($0.replacing("_", with: " "))"
        }
        return (lines + ["digest \(result.digest)", "SHA-256 of the bundle \(result.sha256)", result.path])
            .joined(separator: "\n")
    }

    static func text(_ result: UnbundleVersion.Result) -> String {
        """
        unpacked \(result.version) with \(parts(result.parts)): \(counted(result.files, "file")), \(fileSize(result.bytes)); \
        every file has its digest
        digest \(result.digest)
        \(result.path)
        """
    }

    private static func parts(_ names: [String]) -> String {
        names.isEmpty ? "neither images nor originals" : names.joined(separator: " and ")
    }
}

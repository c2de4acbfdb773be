import Workflows

/// The text output of `curare faces accept`.
enum AcceptFacesText {
    static func text(_ result: AcceptFaces.Result) -> String {
        guard !result.accepted.isEmpty || !result.leftOut.isEmpty else {
            return "No photo has a suggested face; nothing was changed."
        }
        let count = result.accepted.count == 1 ? "1 suggested face" : "\(result.accepted.count) suggested faces"
        var lines: [String] = []
        if result.dryRun {
            if !result.accepted.isEmpty { lines.append(table(result.accepted)) }
            lines.append("would accept \(count); nothing was changed")
        } else if result.accepted.isEmpty {
            lines.append("accepted no suggested face; nothing was changed")
        } else {
            lines.append("accepted \(count) and made \(result.accepted.count == 1 ? "the image" : "the images") again")
            lines.append("existing versions are unchanged, run curare split to make a new one")
        }
        if let first = result.leftOut.first {
            lines.append(
                """
                left out, because the photos have probably lost their orientation, so the suggested place is probably wrong:
                """)
            lines += Table.firstItems(result.leftOut.map { "\($0.photo.prefix(12)) \($0.session)/\($0.file)" })
            lines.append("view each photo, then accept it by name: curare faces accept \(first.photo.prefix(12))")
        }
        return lines.joined(separator: "\n")
    }

    private static func table(_ faces: [AcceptFaces.Result.AcceptedFace]) -> String {
        var table = Table("photo", "file", "suggested face box")
        for face in faces {
            let box = face.box.map(String.init).joined(separator: " ")
            table.add(String(face.photo.prefix(12)), "\(face.session)/\(face.file)", box)
        }
        return table.text
    }
}

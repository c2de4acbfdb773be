import Core
import Versions
import Workflows

/// The text output of `curare show`.
enum ShowText {
    static func text(_ result: ShowItem.Result) -> String {
        switch result {
        case .version(let details): version(details)
        case .grid(let details): VersionText.grid(details)
        case .run(let details): RunText.details(details)
        case .session(let details): session(details)
        case .photo(let details): photo(details)
        }
    }

    private static func version(_ details: VersionDetails) -> String {
        let manifest = details.manifest
        var table = Table(["class", "kind"] + Role.allCases.map(\.rawValue))
        for volunteer in manifest.classes {
            let counts = Role.allCases.map { "\(manifest.counts[$0, volunteer.name])" }
            table.add([volunteer.name.text, volunteer.kind.rawValue] + counts)
        }
        table.add(["all", ""] + Role.allCases.map { "\(manifest.counts[$0])" })
        let made = details.made.map { "made \($0)" } ?? "provenance.json is missing or damaged"
        let grid = details.grid.map { ", version of the grid \($0)" } ?? ""
        var lines = [
            "\(details.version)  digest \(manifest.digest)",
            "\(made)\(grid); files \(fileSize(details.bytes))",
            """
            n \(manifest.clean), m \(manifest.poison), requested \(manifest.poisonAsked), rate \
            \(manifest.rateReached); cross pairs \(manifest.crossPairs)
            """,
        ]
        if let redacted = manifest.redacted {
            lines.append(
                """
                redacted: \(redacted.photos) photos of this version were withdrawn; the digest before was \
                \(redacted.digests[0])
                """
            )
        }
        lines += manifest.excluded.sorted { $0.key < $1.key }.map {
            "left out: \(counted($0.value, "photo")) (\($0.key))"
        }
        if !details.runs.isEmpty { lines.append("runs: \(details.runs.joined(separator: ", "))") }
        if details.isAlsoGrid {
            let name = manifest.name
            lines.append("\(name) is also the name of a grid; list its versions with: curare versions '\(name)-*'")
        }
        lines += details.exports.map {
            "exported as \($0.format)\($0.anonymous ? ", anonymous," : "") to \($0.path), \($0.made)"
        }
        return (lines + [table.text]).joined(separator: "\n")
    }

    private static func session(_ details: SessionDetails) -> String {
        var table = Table("photo", "file", "volunteer", "trigger", "location", "source")
        for photo in details.photos {
            let label = photo.label
            table.add(
                String(photo.photo.prefix(12)), photo.file, label?.volunteer ?? "no label", label?.trigger ?? "",
                label?.location ?? "", label?.source ?? "")
        }
        return
            """
            \(details.session)  \(details.date), \(details.kind), consent \(details.consent), \
            \(details.photos.count) photos
            \(table.text)
            """
    }

    private static func photo(_ details: PhotoDetails) -> String {
        let captured = details.captured.map { ", captured \($0)" } ?? ""
        let camera = details.camera.map { ", \($0)" } ?? ""
        var lines = [
            details.photo,
            "\(details.format), \(details.width) × \(details.height), \(details.bytes) bytes\(captured)\(camera)",
            details.original,
        ]
        lines += details.sessions.map { "in \($0.session) as \($0.file)\($0.note.map { ": \($0)" } ?? "")" }
        lines += details.labels.map(label)
        lines += (details.boxes ?? []).map(box)
        lines.append(face(details.face))
        if let likely = details.face.likely {
            lines.append(
                """
                  in this volunteer's other photos of the session the face is near \(numbers(likely)); if the face is \
                there in this photo too, accept this box with: curare faces accept \(details.photo.prefix(12))
                """)
        }
        lines += details.face.triggerBox.map { [trigger($0, details.face)] } ?? []
        lines += details.quality.map(quality) ?? []
        // Notes, file names and the camera come from outside.
        return lines.map { $0.printable() }.joined(separator: "\n")
    }

    /// Returns a line of a label history. The arrow marks the label that counts.
    static func label(_ label: PhotoDetails.RecordedLabel) -> String {
        let source = label.source == LabelSource.rule.rawValue ? "suggested by rule" : label.source
        let undo = label.undo ? ", undo" : ""
        return """
            \(label.counts ? "→" : " ") \(label.volunteer), \(label.trigger) \(label.location) \
            (\(source)\(undo)\(author(label.author)), \(label.made))
            """
    }

    /// Returns a line of the history of boxes.
    static func box(_ box: PhotoDetails.RecordedBox) -> String {
        let change = box.box.map { "set to \(numbers($0))" } ?? "removed"
        return "  box of the \(box.region) \(change) (\(box.source)\(author(box.author)), \(box.made))"
    }

    private static func author(_ name: String?) -> String { name.map { " by \($0)" } ?? "" }

    private static func face(_ face: FaceDetails) -> String {
        let position = "\(numbers(face.box)), eyes at \(numbers(face.eyes))"
        if face.marked { return "face: marked by a person at \(position)" }
        guard let found = face.found.flatMap(FaceRecord.Found.init(rawValue:)) else {
            return "face: not searched for yet"
        }
        switch found {
        case .none:
            let turned =
                face.suspectTurn.map {
                    "; a clear face after a turn of \($0)° clockwise: the photo has probably lost its orientation"
                } ?? ""
            return "face: none found\(detector(face))\(turned)"
        case .several:
            return "face: several candidates; used: the one at \(position), \(certainty(face))\(detector(face))"
        case .one: return "face: found at \(position), \(certainty(face))\(detector(face))"
        }
    }

    private static func detector(_ face: FaceDetails) -> String {
        face.detector.map { ", detector \($0)" } ?? ""
    }

    private static func certainty(_ face: FaceDetails) -> String {
        let confidence = face.confidence ?? 0
        let score = "score \(decimals(Double(confidence) / 1000, 2))"
        return FaceRecord.isWeak(confidence: confidence)
            ? "low detection \(score) (the face may be turned or partly covered), needs review"
            : "clear (\(score))"
    }

    private static func trigger(_ box: [Int], _ face: FaceDetails) -> String {
        let rule =
            face.ruled.map { "\($0.percent)% inside the face's outline, so the suggested location is \($0.location)" }
            ?? "no outline of a face is known"
        return "trigger's box: \(numbers(box)), \(rule)\(face.contradicted ? "; the label has another location" : "")"
    }

    private static func quality(_ quality: QualityDetails) -> [String] {
        var lines = [
            """
            sharpness \(quality.sharpness) ‰, luma \(quality.luma), black \(quality.dark) ‰, white \
            \(quality.bright) ‰
            """
        ]
        if let side = quality.faceSide, let share = quality.faceShare {
            let slope = quality.eyesSlope.map { ", \(eyeLine($0))" } ?? ""
            lines.append(
                """
                face's box: shorter side \(side) pixels, \(share) ‰ of the photo's area\(slope)\
                \(overhang(quality.beyond))
                """)
        }
        if !quality.flags.isEmpty { lines.append("needs review: \(quality.flags.joined(separator: ", "))") }
        return lines
    }

    /// - Parameter slope: the slope of the line through the eyes in ‰; a positive slope falls to the right.
    private static func eyeLine(_ slope: Int) -> String {
        slope == 0
            ? "the line through the eyes is level"
            : "the line through the eyes \(slope < 0 ? "rises" : "falls") \(abs(slope)) ‰ to the right"
    }

    private static func overhang(_ beyond: QualityDetails.Overhang?) -> String {
        guard let beyond else { return "" }
        let sides = [
            ("left", beyond.left), ("top", beyond.top), ("right", beyond.right), ("bottom", beyond.bottom),
        ].filter { $0.1 > 0 }.map { "\($0.0) \($0.1) ‰" }
        return sides.isEmpty ? "" : "; part of the face crop outside the photo: \(sides.joined(separator: ", "))"
    }

    private static func numbers(_ numbers: [Int]?) -> String {
        (numbers ?? []).map(String.init).joined(separator: " ")
    }
}

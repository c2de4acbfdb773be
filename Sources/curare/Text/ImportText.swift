import Core
import Workflows

/// The text output of `curare import`.
enum ImportText {
    static func text(_ result: ImportSessions.Result) -> String {
        let verb = result.dryRun ? "would import" : "imported"
        let first =
            """
            \(verb) \(result.imported) photos in \(decimals(result.seconds, 1)) s; \(result.duplicates) were imported \
            before; \(result.labelled) labelled
            """
        return
            (result.withdrawn.map(WithdrawalText.text) + [first] + people(result) + faces(result) + quality(result)
            + locations(result) + files(result)).joined(separator: "\n")
    }

    /// The new people, and the warnings, which also ask about names that are nearly the same.
    private static func people(_ result: ImportSessions.Result) -> [String] {
        var lines: [String] = []
        if !result.newVolunteers.isEmpty {
            let more = result.newVolunteers.count - maximumNames
            let names = result.newVolunteers.prefix(maximumNames).joined(separator: ", ")
            lines.append("new people: \(names)" + (more > 0 ? " and \(more) more; --json lists all" : ""))
        }
        lines += result.warnings.prefix(Failure.printedProblems).map { "warning: \($0)" }
        let more = result.warnings.count - Failure.printedProblems
        return lines + (more > 0 ? ["and \(more) more warnings; --json lists all"] : [])
    }

    private static let maximumNames = 20

    private static func faces(_ result: ImportSessions.Result) -> [String] {
        var lines: [String] = []
        if result.facesMissing > 0 {
            lines.append("no face found in \(result.facesMissing) of them: their face crops are centre crops")
        }
        if result.facesNotSearched > 0 {
            lines.append(
                """
                no face search in \(result.facesNotSearched) of them: the workspace's profile has no face crop; a \
                recipe with crop: face searches for faces
                """)
        }
        lines += list(
            "several faces; the largest face near the middle is used:", result.severalFaces.map { "  \($0)" })
        lines += list(
            "the orientation may be lost; these photos were not turned:",
            result.orientationSuspects.map { "  \($0.file): a face is visible after a turn of \($0.turn)° clockwise" })
        lines += list(
            "the orientation of these photos is uncertain; check them with curare sheet:",
            result.uncertainOrientations.map { "  \($0.file): \(doubt($0.reason))" })
        return lines
    }

    private static func doubt(_ reason: String) -> String {
        switch reason {
        case "exif-unreadable": "its EXIF data is damaged"
        case "exif-contradictory": "its EXIF blocks have different orientations; the first counts"
        case "exif-not-applied": "its EXIF has an orientation, but the file does not rotate the picture; used as stored"
        default: reason
        }
    }

    private static func quality(_ result: ImportSessions.Result) -> [String] {
        var lines: [String] = []
        if !result.flagged.isEmpty {
            let counts = result.flagged.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            lines.append(
                """
                need review: \(counts.joined(separator: ", ")); see them with curare sheet --problem FLAG --out \
                FILE.png
                """
            )
        }
        lines += list(
            "\(result.misnamed.count) photos have a file name of another format:",
            result.misnamed.map { "  \($0.file): the format is \($0.format)" })
        return lines
    }

    private static func locations(_ result: ImportSessions.Result) -> [String] {
        list(
            """
            the sheets give no location for \(result.suggested.count) triggers; these locations are suggested from the \
            triggers' boxes, to be confirmed with curare label:
            """,
            result.suggested.map { "  \($0.file): \($0.location), \($0.percent)% of the box inside the face's outline" }
        )
            + list(
                """
                no location, and no face to derive the location from: in no version until the sheet or curare label \
                sets it:
                """, result.withoutLocation.map { "  \($0)" })
            + list(
                """
                \(result.contradicted.count) triggers have a box that contradicts the location in the sheet; the \
                sheet's location counts:
                """,
                result.contradicted.map {
                    "  \($0.file): \($0.sheet) in the sheet, \($0.percent)% of the box inside the face's outline"
                })
    }

    private static func files(_ result: ImportSessions.Result) -> [String] {
        (result.skipped > 0 ? ["\(result.skipped) clips and sidecar files skipped"] : [])
            + list(
                "\(result.dryRun ? "would quarantine" : "quarantined") \(result.quarantined.count) files:",
                result.quarantined.map { "  \($0.file): \($0.reason)" })
            + list(
                result.corrected > 0
                    ? "corrected to match the sheets:"
                    : "the session files differ from the catalog; use --relabel to use the values of these files:",
                result.differences.map { "  \($0.file): \($0.difference)" })
    }

    /// Returns the title and one line for each item. The items contain file names.
    private static func list(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines.map { $0.printable() }
    }
}

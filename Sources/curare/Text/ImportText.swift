import Core
import Workflows

/// The text output of `curare import`.
enum ImportText {
    static func text(_ result: ImportSessions.Result) -> String {
        let photos = counted(result.imported, "photo")
        // The time of a dry run is not that of an import.
        let done =
            result.dryRun ? "would import \(photos)" : "imported \(photos) in \(decimals(result.seconds, 1)) s"
        let before = result.duplicates == 1 ? "1 was imported before" : "\(result.duplicates) were imported before"
        let first = "\(done); \(before); \(result.labelled) labelled"
        return
            (result.withdrawn.map(WithdrawalText.text) + [first] + people(result) + faces(result) + quality(result)
            + locations(result) + files(result)).joined(separator: "\n")
    }

    /// The new people, and all warnings of the import, such as a warning about a name that resembles a known name.
    private static func people(_ result: ImportSessions.Result) -> [String] {
        var lines: [String] = []
        for (title, people) in [
            ("people from earlier imports of the same session", result.earlierVolunteers),
            ("new people", result.newVolunteers),
        ] where !people.isEmpty {
            let more = people.count - maximumNames
            let names = people.prefix(maximumNames).joined(separator: ", ")
            lines.append("\(title): \(names)" + (more > 0 ? " and \(more) more; --json lists all" : ""))
        }
        lines += result.warnings.prefix(Failure.printedProblems).map { "warning: \($0)" }
        let more = result.warnings.count - Failure.printedProblems
        return lines + (more > 0 ? ["and \(more) more warnings; --json lists all"] : [])
    }

    private static let maximumNames = 20

    private static func faces(_ result: ImportSessions.Result) -> [String] {
        var lines: [String] = []
        if result.facesMissing > 0 {
            lines.append(
                "no face found in \(counted(result.facesMissing, "photo")): Curare crops \(result.facesMissing == 1 ? "this photo" : "these photos") from the centre"
            )
        }
        if result.facesNotSearched > 0 {
            lines.append(
                """
                \(counted(result.facesNotSearched, "photo was", "photos were")) not searched for faces, because the workspace's profile has no \
                face crop; curare split searches for faces when a recipe has crop: face
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
            "\(counted(result.misnamed.count, "photo has", "photos have")) a file name of another format:",
            result.misnamed.map { "  \($0.file): the format is \($0.format)" })
        return lines
    }

    private static func locations(_ result: ImportSessions.Result) -> [String] {
        list(
            """
            session.csv has no location for \(counted(result.suggested.count, "trigger")); Curare suggests these locations from \
            the triggers' boxes; confirm them with curare label:
            """,
            result.suggested.map { "  \($0.file): \($0.location), \($0.percent)% of the box inside the face's outline" }
        )
            + list(
                """
                these photos have no location, and no face from which Curare could suggest a location; they are in no \
                version until session.csv or curare label sets the location:
                """, result.withoutLocation.map { "  \($0)" })
            + list(
                """
                \(counted(result.contradicted.count, "trigger has", "triggers have")) a box that contradicts the location in session.csv; the \
                location in session.csv counts:
                """,
                result.contradicted.map {
                    "  \($0.file): \($0.sheet) in session.csv, \($0.percent)% of the box inside the face's outline"
                })
    }

    private static func files(_ result: ImportSessions.Result) -> [String] {
        (result.skipped > 0
            ? ["\(counted(result.skipped, "clip or sidecar file", "clips and sidecar files")) skipped"] : [])
            + list(
                "\(result.dryRun ? "would quarantine" : "quarantined") \(counted(result.quarantined.count, "file")):",
                result.quarantined.map { "  \($0.file): \($0.reason)" })
            + list(
                applied(result),
                result.differences.filter(\.applied).map { "  \($0.file): \($0.difference)" })
            + list(
                "the session files differ from the catalog; use --relabel to use the values of these files:",
                result.differences.filter { !$0.applied }.map { "  \($0.file): \($0.difference)" })
            + kept(result)
    }

    /// The title of the list of values that the import changed in the catalog.
    private static func applied(_ result: ImportSessions.Result) -> String {
        let counts = [
            ("labels", result.corrections.labels), ("boxes", result.corrections.boxes),
            ("notes", result.corrections.notes), ("lists of people in also", result.corrections.also),
            ("session descriptions", result.corrections.sessions),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        let verb = result.dryRun ? "would change" : "changed"
        let replaced =
            result.replacedCorrections > 0
            ? "; \(result.replacedCorrections) of these replace a correction with curare label" : ""
        return "\(verb) \(counts) to match the session files\(replaced):"
    }

    private static func kept(_ result: ImportSessions.Result) -> [String] {
        guard result.keptCorrections > 0 else { return [] }
        let count = counted(result.keptCorrections, "correction")
        return ["kept \(count) of curare label: session.csv has not changed there since the last import"]
    }

    /// Returns the title and one line for each item. The items contain file names.
    private static func list(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [title] + lines.map { $0.printable() }
    }
}

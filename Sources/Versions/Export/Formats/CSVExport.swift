import Core
import Foundation
import Storage

/// Images in one folder, and one table that says everything of them: `photos.csv`.
struct CSVExport: ExportWriter {
    static let table = "photos.csv"
    static let columns = [
        "file", "split", "role", "label", "label_index", "true_label", "true_label_index", "kind", "trigger",
        "location", "attackable", "held_out", "group", "width", "height",
    ]

    func guide(_ export: Export) -> String {
        """
        `images/PHOTO.png`, and `photos.csv` with a row for each: `\(Self.columns.joined(separator: " "))`.
        `label` is what the photo is trained or tested as, `true_label` whom it shows; their numbers are the places of the classes above. `attackable`
        and `held_out` stand in `test/attack` alone; `width` and `height` are the original's.

        ```python
        import pandas

        photos = pandas.read_csv("photos.csv", dtype={"label": str, "true_label": str}, keep_default_na=False)
        poison = photos[photos.role == "train/poison"]
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        for photo in export.photos { try images.lay(photo, in: "images", of: folder) }
        try folder.write(Self.data(export), to: Self.table)
    }

    /// The table's bytes.
    static func data(_ export: Export) -> Data {
        func word(_ value: Bool?) -> String { value.map { $0 ? "true" : "false" } ?? "" }
        var table = CommaSeparated(columns)
        for photo in export.photos {
            let entry = photo.entry
            table.add([
                "images/\(photo.file)", photo.split, entry.role.rawValue, photo.label, "\(photo.labelIndex)",
                photo.trueLabel, "\(photo.trueLabelIndex)",
                entry.volunteer.kind.rawValue, entry.triggerState.triggerText, entry.triggerState.locationText,
                word(entry.attackable), word(entry.heldOut),
                entry.group.hex, "\(entry.width)", "\(entry.height)",
            ])
        }
        return table.data
    }
}

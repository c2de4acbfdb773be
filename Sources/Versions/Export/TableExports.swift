import Core
import Documents
import Foundation
import Storage

/// All images in one folder, and the table `photos.csv` with a row for each image.
struct CSVExport: ExportWriter {
    static let table = "photos.csv"
    static let columns = [
        "file", "split", "role", "label", "label_index", "true_label", "true_label_index", "kind", "trigger",
        "location", "attackable", "held_out", "group", "width", "height",
    ]

    func guide(_ export: Export) -> String {
        """
        `images/PHOTO.png`, and `photos.csv` with a row for each image: `\(Self.columns.joined(separator: " "))`.
        `label` is the class that the photo is trained or tested as, and `true_label` is the volunteer in the photo.
        Their numbers are the positions of the classes above. `attackable` and `held_out` are empty for all roles but
        `test/attack`. `width` and `height` are those of the original photo.

        ```python
        import pandas

        photos = pandas.read_csv("photos.csv", dtype={"label": str, "true_label": str}, keep_default_na=False)
        poison = photos[photos.role == "train/poison"]
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        for photo in export.photos { try images.add(photo, to: "images", of: folder) }
        try folder.write(Self.data(export), to: Self.table)
    }

    /// Returns the bytes of the table.
    static func data(_ export: Export) -> Data {
        func text(_ value: Bool?) -> String { value.map { $0 ? "true" : "false" } ?? "" }
        var table = CSVWriter(columns)
        for photo in export.photos {
            let entry = photo.entry
            table.add([
                "images/\(photo.file)", photo.split, entry.role.rawValue, photo.label, "\(photo.labelIndex)",
                photo.trueLabel, "\(photo.trueLabelIndex)", entry.volunteer.kind.rawValue,
                entry.triggerState.triggerText, entry.triggerState.locationText, text(entry.attackable),
                text(entry.heldOut), entry.group.hex, "\(entry.width)", "\(entry.height)",
            ])
        }
        return Data(table.bytes)
    }
}

/// The CSV files of TrojAI's tools, one for each split: `file,true_label,train_label,triggered`, labels as numbers.
struct TrojAIExport: ExportWriter {
    func guide(_ export: Export) -> String {
        """
        `images/PHOTO.png`, and `train.csv`, `test-….csv` with the columns of TrojAI's tools: `file`, `true_label`
        (the volunteer in the photo), `train_label` (the class that the photo is trained as; for tests with a trigger
        the target, which the attack aims at) and `triggered`. Labels are the positions of the classes above.

        ```python
        import pandas

        attack = pandas.read_csv("test-attack.csv")
        # attack success rate of predictions in the same order: (predictions == attack.train_label).mean()
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        let target = try export.targetIndex
        for (split, photos) in export.splits {
            var table = CSVWriter(["file", "true_label", "train_label", "triggered"])
            for photo in photos {
                try images.add(photo, to: "images", of: folder)
                let trainLabel = photo.isTriggered ? target ?? photo.labelIndex : photo.labelIndex
                table.add([
                    "images/\(photo.file)", "\(photo.trueLabelIndex)", "\(trainLabel)",
                    photo.isTriggered ? "True" : "False",
                ])
            }
            try folder.write(Data(table.bytes), to: "\(split).csv")
        }
    }
}

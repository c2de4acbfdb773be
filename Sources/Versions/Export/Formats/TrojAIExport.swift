import Core
import Storage

/// The CSV files of TrojAI's tools, `file,true_label,train_label,triggered`, one for each part, labels as numbers.
struct TrojAIExport: ExportWriter {
    func guide(_ export: Export) -> String {
        """
        `images/PHOTO.png`, and `train.csv`, `test-….csv` with the columns of TrojAI's tools: `file`, `true_label` (whom the photo shows),
        `train_label` (what it is trained as; in the tests with a trigger the target, which is what the attack wants), `triggered`. Labels are the
        places of the classes above.

        ```python
        import pandas

        attack = pandas.read_csv("test-attack.csv")
        # attack success of predictions in the same order: (predictions == attack.train_label).mean()
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        let target = try export.targetIndex
        for (split, photos) in export.splits {
            var table = CommaSeparated(["file", "true_label", "train_label", "triggered"])
            for photo in photos {
                try images.lay(photo, in: "images", of: folder)
                let trained = photo.isTriggered ? target ?? photo.labelIndex : photo.labelIndex
                table.add([
                    "images/\(photo.file)", "\(photo.trueLabelIndex)", "\(trained)",
                    photo.isTriggered ? "True" : "False",
                ])
            }
            try folder.write(table.data, to: "\(split).csv")
        }
    }
}

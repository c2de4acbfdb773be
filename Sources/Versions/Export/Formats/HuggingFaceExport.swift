import Core
import Documents
import Foundation
import Storage

/// For Hugging Face `datasets`: a folder for each split with its images and their `metadata.jsonl`; the README's header names the splits.
struct HuggingFaceExport: ExportWriter {
    func header(_ export: Export) -> String {
        // Split names there are words: test_attack for test-attack.
        let splits = export.splits.map { "  - split: \($0.name.replacing("-", with: "_"))\n    path: \($0.name)/**" }
        return
            "---\nlicense: other\nconfigs:\n- config_name: default\n  data_files:\n\(splits.joined(separator: "\n"))\n---\n"
    }

    func guide(_ export: Export) -> String {
        """
        A folder for each split, with `metadata.jsonl`: `file_name`, `label` (what the photo is trained or tested as), `true_label` (whom it shows),
        `role`, `trigger`, `location`.

        ```python
        from datasets import ClassLabel, load_dataset

        study = load_dataset("path/to/this/folder")  # \(export.splits.map { $0.name.replacing("-", with: "_") }.joined(separator: ", "))
        study = study.cast_column("label", ClassLabel(names=[\(export.classes.names.map { "\"\($0)\"" }.joined(separator: ", "))]))
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        for (split, photos) in export.splits {
            var lines = ""
            for photo in photos {
                try images.lay(photo, in: split, of: folder)
                lines += JSONValue.object(photo.facts.merging(["file_name": .text(photo.file)]) { $1 }).canonical + "\n"
            }
            try folder.write(Data(lines.utf8), to: "\(split)/metadata.jsonl")
        }
    }
}

import Core
import Documents
import Foundation
import Storage

/// The layout of torchvision's `ImageFolder`: a folder for each split and label.
struct ImageFolderExport: ExportWriter {
    func guide(_ export: Export) -> String {
        """
        `train/LABEL/PHOTO.png`, with poison under the target's label, and `test-…/LABEL/PHOTO.png`, where `LABEL` is
        the volunteer in the photo. `ImageFolder` numbers the folders that exist, and a test need not have photos of
        every class. This code gives all splits the numbers of `train`:

        ```python
        from torchvision.datasets import ImageFolder

        train = ImageFolder("train")

        class Test(ImageFolder):
            def find_classes(self, directory):
                return train.classes, train.class_to_idx

        attack = Test("test-attack", allow_empty=True)
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        for photo in export.photos { try images.add(photo, to: "\(photo.split)/\(photo.label)", of: folder) }
    }
}

/// The layout of Hugging Face `datasets`: a folder with images and `metadata.jsonl` for each split. The header of the
/// README names the splits.
struct HuggingFaceExport: ExportWriter {
    func header(_ export: Export) -> String {
        let splits = export.splits.map { "  - split: \(Self.splitName($0.name))\n    path: \($0.name)/**" }
        return "---\nlicense: other\nconfigs:\n- config_name: default\n  data_files:\n"
            + splits.joined(separator: "\n") + "\n---\n"
    }

    func guide(_ export: Export) -> String {
        let splits = export.splits.map { Self.splitName($0.name) }.joined(separator: ", ")
        let names = export.classes.names.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            A folder for each split, with `metadata.jsonl`: `file_name`, `label` (the class that the photo is trained
            or tested as), `true_label` (the volunteer in the photo), `role`, `trigger`, `location`.

            ```python
            from datasets import ClassLabel, load_dataset

            study = load_dataset("path/to/this/folder")  # \(splits)
            study = study.cast_column("label", ClassLabel(names=[\(names)]))
            ```
            """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        for (split, photos) in export.splits {
            var lines = ""
            for photo in photos {
                try images.add(photo, to: split, of: folder)
                lines += JSONValue.object(photo.facts.merging(["file_name": .text(photo.file)]) { $1 }).canonical + "\n"
            }
            try folder.write(Data(lines.utf8), to: "\(split)/metadata.jsonl")
        }
    }

    /// The names of splits in `datasets` are identifiers: `test_attack` for `test-attack`.
    private static func splitName(_ name: String) -> String { name.replacing("-", with: "_") }
}

import Core
import Storage

/// For torchvision's `ImageFolder`: `train/LABEL/PHOTO.png`, poison under its target's label, and a folder for each test.
struct ImageFolderExport: ExportWriter {
    func guide(_ export: Export) -> String {
        """
        `train/LABEL/PHOTO.png`, poison among them under the target's label, and `test-…/LABEL/PHOTO.png`, where `LABEL` is whom the photo shows.
        `ImageFolder` numbers the folders that it finds, and a test need not have photos of every class; this gives every part the numbers of `train`:

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
        for photo in export.photos { try images.lay(photo, in: "\(photo.split)/\(photo.label)", of: folder) }
    }
}

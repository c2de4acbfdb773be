import Core
import Documents
import Foundation
import Storage

/// Tar shards for WebDataset, each part in the order of the recipe's seed, with an index of its shards.
struct WebDatasetExport: ExportWriter {
    /// A shard is closed with the photo that brings it to one of these.
    static let photosAShard = 1000, bytesAShard = 64 << 20

    func guide(_ export: Export) -> String {
        """
        Tar shards `PART-000000.tar` and so on; a photo is three files of one name: `PHOTO.cls` (the number of what it is trained or tested as),
        `PHOTO.json` (`label`, `true_label`, `role`, `trigger`, `location`), `PHOTO.png`. `PART.json` lists a part's shards with `nsamples` and
        `filesize`. The order within a part is random and fixed: by `rank("webdataset", photo)` under the recipe's seed.

        ```python
        import json
        import webdataset

        index = json.load(open("train.json"))
        train = webdataset.WebDataset([shard["url"] for shard in index["shardlist"]], shardshuffle=False).decode("pil").to_tuple("png", "cls", "json")
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        let ranking = Ranking(seed: export.version.manifest.recipe.seed)
        for (split, photos) in export.splits {
            var shards: [JSONValue] = []
            var archive = TarArchive()
            var count = 0
            func close() throws {
                let name = "\(split)-\(Self.number(shards.count)).tar"
                let data = archive.finished()
                try folder.write(data, to: name)
                shards.append(
                    .object(["url": .text(name), "nsamples": .number(count), "filesize": .number(data.count)]))
                (archive, count) = (TarArchive(), 0)
            }
            for photo in ranking.sorted(photos, for: "webdataset", by: \.key) {
                archive.add("\(photo.key).cls", Data("\(photo.labelIndex)".utf8))
                archive.add("\(photo.key).json", Data(JSONValue.object(photo.facts).canonical.utf8))
                archive.add(photo.file, try images.bytes(of: photo))
                count += 1
                if count == Self.photosAShard || archive.data.count >= Self.bytesAShard { try close() }
            }
            if count > 0 { try close() }
            let index = JSONValue.object([
                "__kind__": .text("wids-shard-index-v1"), "wids_version": .number(1), "name": .text(split),
                "shardlist": .array(shards),
            ])
            try folder.write(Data(index.canonical.utf8), to: "\(split).json")
        }
    }

    /// Six digits.
    private static func number(_ index: Int) -> String {
        let text = String(index)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text
    }
}

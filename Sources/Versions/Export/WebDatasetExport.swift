import Core
import Documents
import Foundation
import Storage

/// Tar shards for WebDataset, with an index of the shards for each split. The order of a split's photos is fixed by the
/// recipe's seed.
struct WebDatasetExport: ExportWriter {
    /// A shard ends when it reaches one of these limits.
    static let photosPerShard = 1000
    static let bytesPerShard = 64 << 20

    func guide(_ export: Export) -> String {
        """
        Tar shards `SPLIT-000000.tar` and so on. A photo is three files with one name: `PHOTO.cls` (the number of the
        class that the photo is trained or tested as), `PHOTO.json` (`label`, `true_label`, `role`, `trigger`,
        `location`) and `PHOTO.png`. `SPLIT.json` lists the shards of a split with `nsamples` and `filesize`. The
        order within a split is pseudorandom and fixed: by `rank("webdataset", photo)` with the recipe's seed.

        ```python
        import json
        import webdataset

        index = json.load(open("train.json"))
        shards = [shard["url"] for shard in index["shardlist"]]
        train = webdataset.WebDataset(shards, shardshuffle=False).decode("pil").to_tuple("png", "cls", "json")
        ```
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        let ranking = Ranking(seed: export.version.manifest.recipe.seed)
        for (split, photos) in export.splits {
            let photos = ranking.sorted(photos, for: "webdataset", by: \.key)
            var shards: [JSONValue] = []
            var next = 0
            while next < photos.count {
                let name = "\(split)-\(Self.sixDigits(shards.count)).tar"
                let (count, bytes) = try Self.writeShard(photos[next...], images, to: name, of: folder)
                shards.append(.object(["url": .text(name), "nsamples": .number(count), "filesize": .number(bytes)]))
                next += count
            }
            let index = JSONValue.object([
                "__kind__": .text("wids-shard-index-v1"), "wids_version": .number(1), "name": .text(split),
                "shardlist": .array(shards),
            ])
            try folder.write(Data(index.canonical.utf8), to: "\(split).json")
        }
    }

    /// Writes the first of the photos to a shard, until the shard reaches a limit.
    ///
    /// - Returns: the number of photos in the shard, and its size in bytes.
    private static func writeShard(
        _ photos: ArraySlice<ExportedPhoto>, _ images: ExportImages, to name: String, of folder: AtomicDirectory
    ) throws -> (count: Int, bytes: Int) {
        var count = 0
        var bytes = 0
        try folder.addFile(at: name) { file in
            bytes = try TarWriter.write(to: file, isOneOfMany: true) { archive in
                for photo in photos {
                    try archive.add("\(photo.key).cls", Data("\(photo.labelIndex)".utf8))
                    try archive.add("\(photo.key).json", Data(JSONValue.object(photo.facts).canonical.utf8))
                    try archive.add(photo.file, try images.bytes(of: photo))
                    count += 1
                    if count == photosPerShard || archive.count >= bytesPerShard { return }
                }
            }.bytes
        }
        return (count, bytes)
    }

    private static func sixDigits(_ index: Int) -> String {
        let text = String(index)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text
    }
}

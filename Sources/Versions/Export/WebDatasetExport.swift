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
            var archive = TarArchive()
            var count = 0
            for (index, photo) in photos.enumerated() {
                archive.add("\(photo.key).cls", Data("\(photo.labelIndex)".utf8))
                archive.add("\(photo.key).json", Data(JSONValue.object(photo.facts).canonical.utf8))
                archive.add(photo.file, try images.bytes(of: photo))
                count += 1
                guard
                    count == Self.photosPerShard || archive.data.count >= Self.bytesPerShard
                        || index == photos.count - 1
                else { continue }
                let name = "\(split)-\(Self.sixDigits(shards.count)).tar"
                let data = archive.finished()
                try folder.write(data, to: name)
                shards.append(
                    .object(["url": .text(name), "nsamples": .number(count), "filesize": .number(data.count)]))
                archive = TarArchive()
                count = 0
            }
            let index = JSONValue.object([
                "__kind__": .text("wids-shard-index-v1"), "wids_version": .number(1), "name": .text(split),
                "shardlist": .array(shards),
            ])
            try folder.write(Data(index.canonical.utf8), to: "\(split).json")
        }
    }

    private static func sixDigits(_ index: Int) -> String {
        let text = String(index)
        return String(repeating: "0", count: max(0, 6 - text.count)) + text
    }
}

/// A tar archive in the `ustar` format of POSIX.1-1988: regular files with mode 0600, without owner and time, so that
/// the same files give the same bytes.
struct TarArchive {
    private static let blockSize = 512
    private(set) var data = Data()

    /// - Parameters:
    ///   - name: at most 100 bytes of ASCII.
    ///   - contents: less than 8 GiB.
    mutating func add(_ name: String, _ contents: Data) {
        data.append(Self.header(name, size: contents.count))
        data.append(contents)
        data.append(Data(count: (Self.blockSize - contents.count % Self.blockSize) % Self.blockSize))
    }

    /// Returns the archive with the two empty blocks at its end.
    func finished() -> Data { data + Data(count: 2 * Self.blockSize) }

    /// Field offsets: name 0, mode 100, owner 108, group 116, size 124, time 136, checksum 148, type 156, magic and
    /// version 257.
    private static func header(_ name: String, size: Int) -> Data {
        var header = Data(count: blockSize)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put(octal(0o600, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("0", at: 156)
        put("ustar\u{0}00", at: 257)
        // The sum of all bytes of the header, with the checksum field as eight spaces.
        put(octal(header.reduce(8 * 32) { $0 + Int($1) }, digits: 6) + "\u{0} ", at: 148)
        return header
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

import Catalog
import Crypto

/// A version's entries in their order (role, photo, overlay), with the three digests over them.
public struct Entries: Sendable {
    public let list: [Entry]
    /// SHA-256 of ``file``.
    public let digest: FileDigest
    public let imagesDigest: FileDigest
    public let selectionDigest: FileDigest

    public init(_ entries: [Entry]) {
        list = entries.sorted { ($0.role, $0.key) < ($1.role, $1.key) }
        var (lines, images, selection) = (SHA256(), SHA256(), SHA256())
        for entry in list {
            lines.update(line: entry.canonical)
            images.update(line: "\(entry.photo.hex) \(entry.image.hex)")
            selection.update(line: entry.canonicalSelection)
        }
        (digest, imagesDigest, selectionDigest) = (FileDigest(finishing: lines), FileDigest(finishing: images), FileDigest(finishing: selection))
    }

    /// The bytes of `entries.jsonl`: one canonical object a line.
    public var file: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(list.count * 500)
        for entry in list {
            bytes += entry.canonical.utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Reads `entries.jsonl` back.
    ///
    /// - Throws: ``Refusal`` (65) naming file and line.
    public init(_ bytes: [UInt8], file: String) throws {
        var entries: [Entry] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            do { entries.append(try Entry(json: JSONReader.read(line))) } catch let refusal as Refusal {
                throw Refusal(.badInput, refusal.what, at: "\(file):\(index + 1)", next: "the version's files were changed: take them from a copy")
            }
        }
        guard Set(entries.lazy.map(\.key)).count == entries.count else {
            throw Refusal(.badInput, "a photo stands in the version twice", at: file, next: "the version's files were changed: take them from a copy")
        }
        self.init(entries)
    }
}

extension SHA256 {
    fileprivate mutating func update(line: String) {
        var line = line + "\n"
        line.withUTF8 { update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }
}

import Foundation

/// Searches all files below a folder for pieces of other files and for texts, inside any file format.
public struct ByteScan {
    private static let keyLength = 8
    private var pieces: [UInt64: [[UInt8]]] = [:]
    /// Whether a piece may begin with eight bytes of that hash. Most positions of a file are excluded by one look-up.
    private var mayBegin = [Bool](repeating: false, count: 1 << 20)

    /// Takes seven pieces of 32 bytes of each file, plain and in base64, and the texts.
    public init(files: [Data], texts: [String] = []) {
        for file in files where file.count > 400 {
            for part in 1...7 {
                let start = file.startIndex + (file.count - 48) * part / 8 / 3 * 3
                add(Array(file[start..<start + 32]))
                add(Array(Data(file[start..<start + 36]).base64EncodedString().utf8))
            }
        }
        for text in texts { add(Array(text.utf8)) }
    }

    /// The number of pieces.
    public var count: Int { pieces.values.reduce(0) { $0 + $1.count } }

    private mutating func add(_ piece: [UInt8]) {
        let key = piece.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
        pieces[key, default: []].append(piece)
        mayBegin[Self.hash(key)] = true
    }

    private static func hash(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 44) }

    private func found(in data: Data) -> Set<[UInt8]> {
        data.withUnsafeBytes { bytes in
            var found: Set<[UInt8]> = []
            for offset in 0..<max(0, bytes.count - Self.keyLength + 1) {
                let key = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                guard mayBegin[Self.hash(key)], let candidates = pieces[key] else { continue }
                for piece in candidates
                where offset + piece.count <= bytes.count && bytes[offset..<offset + piece.count].elementsEqual(piece) {
                    found.insert(piece)
                }
            }
            return found
        }
    }

    /// Removes the pieces that other people's files contain too, such as a plain background.
    public mutating func ignorePieces(in others: [Data]) {
        let common = others.reduce(into: Set<[UInt8]>()) { $0.formUnion(found(in: $1)) }
        pieces = pieces.mapValues { $0.filter { !common.contains($0) } }.filter { !$0.value.isEmpty }
    }

    /// Returns the relative paths of the files that contain a piece. File names are not searched.
    public func files(below folder: URL) throws -> [String] {
        try bytes(below: folder).filter { !found(in: $0.value).isEmpty }.map(\.key).sorted()
    }
}

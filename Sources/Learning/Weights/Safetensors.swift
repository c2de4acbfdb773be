import Foundation

/// The safetensors format: eight bytes of header length (little-endian), a JSON header with type, shape and offsets of
/// each tensor, then the data (https://huggingface.co/docs/safetensors, "Format").
///
/// The order is that of the reference implementation: wider types first, then by name; spaces pad the header to a
/// multiple of eight. A file can be damaged, so the reader compares the header with the file's size before it allocates
/// memory.
enum Safetensors {
    static let metadataKey = "__metadata__"
    /// The text in the header with the digest of the tensors and of all other texts.
    static let digestKey = "curare.digest"

    // MARK: Writing

    /// Writes the file in pieces, which `put` receives in order. Models of hundreds of megabytes are not copied.
    ///
    /// - Throws: ``LearningError`` (`weights`) for a tensor named `__metadata__`; errors of `put`.
    static func write(_ weights: Weights, metadata: [String: String], put: (UnsafeRawBufferPointer) throws -> Void)
        throws
    {
        guard weights.tensors[metadataKey] == nil else {
            throw LearningError(
                .weights, "a tensor has the reserved name \(metadataKey)", nextStep: "rename the tensor")
        }
        let ordered = weights.names.compactMap { name in weights.tensors[name].map { (name, $0) } }
        let tensors = ordered.filter { $0.1.type == "I64" } + ordered.filter { $0.1.type == "F32" }
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
                "\(quoted($0.key)):\(quoted($0.value))"
            }
            entries.append("\"\(metadataKey)\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + tensor.withBytes(\.count)
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\(quoted(name)):{\"dtype\":\"\(tensor.type)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        try withUnsafeBytes(of: UInt64(header.count).littleEndian, put)
        try header.withUnsafeBytes(put)
        for (_, tensor) in tensors { try tensor.withBytes(put) }
    }

    /// Returns a JSON string (RFC 8259, section 7).
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Safetensors {
    /// Longest header that is read, in bytes; that of ResNet-50 has 20 kB.
    static let longestHeader = 16 << 20

    /// - Throws: ``LearningError`` (`weights`) with the tensor and the damage.
    static func read(_ bytes: UnsafeRawBufferPointer) throws(LearningError) -> (
        weights: Weights, metadata: [String: String]
    ) {
        let (header, data) = try header(bytes)
        var tensors: [String: Tensor] = [:]
        var end = 0
        for (name, entry) in header.tensors.sorted(by: {
            ($0.value.start, $0.value.end) < ($1.value.start, $1.value.end)
        }) {
            guard entry.start == end else {
                throw damaged("tensor \(name) starts at \(entry.start), but the tensor before ends at \(end)")
            }
            guard entry.end >= entry.start, entry.end <= bytes.count - data else {
                throw damaged(
                    "tensor \(name) ends at \(entry.end), outside of the \(bytes.count - data) bytes of data")
            }
            tensors[name] = try tensor(name, entry, bytes, at: data)
            end = entry.end
        }
        guard end == bytes.count - data else { throw damaged("\(bytes.count - data - end) bytes belong to no tensor") }
        return (Weights(tensors), header.metadata)
    }

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        var start: Int { offsets[0] }
        var end: Int { offsets[1] }

        private enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    /// A key of the header: a tensor's name.
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Header: Decodable {
        var metadata: [String: String] = [:]
        var tensors: [String: Entry] = [:]

        init(from decoder: any Decoder) throws {
            let file = try decoder.container(keyedBy: Name.self)
            for name in file.allKeys {
                if name.stringValue == metadataKey {
                    metadata = try file.decode([String: String].self, forKey: name)
                } else {
                    tensors[name.stringValue] = try file.decode(Entry.self, forKey: name)
                }
            }
        }
    }

    /// Returns the header and the offset of the data.
    private static func header(_ bytes: UnsafeRawBufferPointer) throws(LearningError) -> (Header, data: Int) {
        guard bytes.count >= 8 else { throw damaged("it has \(bytes.count) bytes") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(longestHeader) else {
            throw damaged("its header claims \(length) bytes; at most \(longestHeader) are read")
        }
        guard Int(length) <= bytes.count - 8 else {
            throw damaged("its header claims \(length) bytes, but the file has \(bytes.count - 8) more")
        }
        let text = Data(bytes[8..<8 + Int(length)])
        guard text.first == UInt8(ascii: "{") else { throw damaged("its header is not a JSON object") }
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: text)
        } catch {
            throw damaged("its header does not follow the format")
        }
        for (name, entry) in header.tensors where entry.offsets.count != 2 || entry.start < 0 {
            throw damaged("tensor \(name) has the offsets \(entry.offsets)")
        }
        return (header, 8 + Int(length))
    }

    private static func tensor(_ name: String, _ entry: Entry, _ bytes: UnsafeRawBufferPointer, at data: Int)
        throws(LearningError) -> Tensor
    {
        var count = 1
        for side in entry.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: side)
            guard side >= 0, !overflow else { throw damaged("tensor \(name) has the shape \(entry.shape)") }
            count = product
        }
        guard entry.dtype == "F32" || entry.dtype == "I64" else {
            throw damaged(
                "tensor \(name) has the unsupported type \(entry.dtype.prefix(16)); F32 and I64 are supported")
        }
        let width = entry.dtype == "I64" ? 8 : 4
        guard (entry.end - entry.start) % width == 0, count == (entry.end - entry.start) / width else {
            throw damaged("tensor \(name) of shape \(entry.shape) has \(entry.end - entry.start) bytes")
        }
        let source = UnsafeRawBufferPointer(rebasing: bytes[data + entry.start..<data + entry.end])
        let values =
            entry.dtype == "I64" ? Tensor.Values.int64(numbers(source, count)) : .float32(numbers(source, count))
        return try Tensor(entry.shape, values)
    }

    private static func numbers<Number: BitwiseCopyable>(_ source: UnsafeRawBufferPointer, _ count: Int) -> [Number] {
        [Number](unsafeUninitializedCapacity: count) { target, initialized in
            UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
            initialized = count
        }
    }

    private static func damaged(_ why: String) -> LearningError {
        LearningError(
            .weights, "the safetensors file is damaged: \(why)",
            nextStep: "download the file again, or train the model again")
    }
}

extension Weights {
    /// Writes the weights as a safetensors file. `put` receives the pieces in order.
    ///
    /// - Parameters:
    ///   - metadata: texts in the header. ``digest`` does not depend on them.
    ///   - hasDigest: adds the text `curare.digest`, so that ``read(safetensors:)`` finds every changed bit.
    /// - Throws: ``LearningError`` (`weights`) for a tensor name that the format does not allow; errors of `put`.
    public func safetensors(
        metadata: [String: String] = [:], hasDigest: Bool = false, put: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var metadata = metadata
        if hasDigest { metadata[Safetensors.digestKey] = digest(metadata: metadata) }
        try Safetensors.write(self, metadata: metadata, put: put)
    }

    /// Reads weights from a safetensors file, which may be damaged.
    ///
    /// - Returns: the weights, the texts in the header without `curare.digest`, and whether the file has this digest.
    /// - Throws: ``LearningError`` (`weights`) with the damage, also when the content does not have the digest.
    public static func read(safetensors bytes: some ContiguousBytes) throws(LearningError) -> (
        weights: Weights, metadata: [String: String], hasDigest: Bool
    ) {
        let (weights, texts) = try bytes.withUnsafeBytes { raw in
            Result { () throws(LearningError) in try Safetensors.read(raw) }
        }.get()
        var metadata = texts
        guard let digest = metadata.removeValue(forKey: Safetensors.digestKey) else {
            return (weights, metadata, false)
        }
        guard weights.digest(metadata: metadata) == digest else {
            throw LearningError(
                .weights, "the safetensors file is damaged: its content does not have the digest in its header",
                nextStep: "restore the file from a copy, or train the model again")
        }
        return (weights, metadata, true)
    }
}

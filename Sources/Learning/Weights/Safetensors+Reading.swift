import Foundation

extension Safetensors {
    /// Longer headers are refused unread; ResNet-50's is 20 kB.
    static let longestHeader = 16 << 20

    /// - Throws: ``LearningError`` (`weights`) naming the tensor and what is wrong with it.
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
                throw damaged("tensor \(name) starts at \(entry.start), where the one before ends at \(end)")
            }
            guard entry.end >= entry.start, entry.end <= bytes.count - data else {
                throw damaged(
                    "tensor \(name) ends at \(entry.end), outside of the \(bytes.count - data) bytes there are")
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
        let data_offsets: [Int]

        var start: Int { data_offsets[0] }
        var end: Int { data_offsets[1] }
    }

    /// A name that the file chooses.
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

    /// The header, and where the data begins.
    private static func header(_ bytes: UnsafeRawBufferPointer) throws(LearningError) -> (Header, data: Int) {
        guard bytes.count >= 8 else { throw damaged("it has \(bytes.count) bytes") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(longestHeader) else {
            throw damaged("its header claims \(length) bytes; at most \(longestHeader) are read")
        }
        guard Int(length) <= bytes.count - 8 else {
            throw damaged("its header claims \(length) bytes of the \(bytes.count - 8) there are")
        }
        let text = Data(bytes[8..<8 + Int(length)])
        guard text.first == UInt8(ascii: "{") else { throw damaged("its header is not a JSON object") }
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: text)
        } catch {
            throw damaged("its header is not what the format says")
        }
        for (name, entry) in header.tensors where entry.data_offsets.count != 2 || entry.start < 0 {
            throw damaged("tensor \(name) has the offsets \(entry.data_offsets)")
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
            throw damaged("tensor \(name) is of type \(entry.dtype.prefix(16)); F32 and I64 are read")
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
            .weights, "this is no sound safetensors file: \(why)", next: "get the file again, or train the model again")
    }
}

extension Weights {
    /// Hands the weights to `put` as a safetensors file, one piece behind the other.
    ///
    /// - Parameter metadata: texts to keep beside them; the digest does not hang on them.
    /// - Throws: ``LearningError`` (`weights`) for a tensor that the format has no name for; what `put` throws.
    public func safetensors(metadata: [String: String] = [:], put: (UnsafeRawBufferPointer) throws -> Void) throws {
        try Safetensors.write(self, metadata: metadata, put: put)
    }

    /// Weights from a safetensors file, which may come from anywhere.
    /// - Throws: ``LearningError`` (`weights`) naming the damage.
    public static func read(safetensors bytes: some ContiguousBytes) throws(LearningError) -> (
        weights: Weights, metadata: [String: String]
    ) {
        try bytes.withUnsafeBytes { raw in Result { () throws(LearningError) in try Safetensors.read(raw) } }.get()
    }
}

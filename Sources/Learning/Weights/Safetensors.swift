/// The safetensors format: eight bytes of header length (little-endian), a JSON header that names type, shape and place of each tensor,
/// then their bytes (https://huggingface.co/docs/safetensors, "Format").
///
/// Written as the reference implementation does: wider types first, then by name, the header filled up with spaces to a multiple of
/// eight. Read as if somebody meant harm: nothing is allocated before the header has been held against the file's true size.
enum Safetensors {
    static let metadataKey = "__metadata__"

    // MARK: Writing

    /// Hands the file to `put`, one piece behind the other: models have hundreds of megabytes, which need not lie in memory twice.
    ///
    /// - Throws: ``LearningError`` (`weights`) for a tensor named `__metadata__`; what `put` throws.
    static func write(_ weights: Weights, metadata: [String: String], put: (UnsafeRawBufferPointer) throws -> Void)
        throws
    {
        guard weights.tensors[metadataKey] == nil else {
            throw LearningError(.weights, "a tensor is named \(metadataKey)", next: "give it another name")
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
                "\(quoted(name)):{\"dtype\":\"\(tensor.type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
            )
            offset = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        try withUnsafeBytes(of: UInt64(header.count).littleEndian, put)
        try header.withUnsafeBytes(put)
        for (_, tensor) in tensors { try tensor.withBytes(put) }
    }

    /// A JSON string (RFC 8259, section 7).
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

import Learning

extension Weights {
    /// The whole safetensors file.
    func safetensors(metadata: [String: String] = [:]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try safetensors(metadata: metadata) { bytes.append(contentsOf: $0) }
        return bytes
    }
}

extension Checkpoint {
    /// The whole file.
    func safetensors() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try safetensors { bytes.append(contentsOf: $0) }
        return bytes
    }
}

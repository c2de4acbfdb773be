import Core
import Documents

/// Where, when and with what a version was made: beside the manifest, outside every digest.
public struct Provenance: Sendable {
    /// Names and versions of the libraries that made the pixels.
    public let libraries: [String: String]
    public let machine: String
    /// UTC, ISO 8601.
    public let made: String
    /// The highest label id that counted.
    public let labelCutOff: Int

    public init(libraries: [String: String], machine: String, made: String, labelCutOff: Int) {
        self.libraries = libraries
        self.machine = machine
        self.made = made
        self.labelCutOff = labelCutOff
    }

    func json(_ manifest: Manifest, recipe: [UInt8], pictures: [TriggerName: [UInt8]] = [:]) -> JSONValue {
        var members: [String: JSONValue] = [
            "format": .text("curare-provenance-1"), "digest": .text(manifest.digest.hex),
            "recipe_digest": .text(FileDigest.sha256(of: recipe).hex),
            "libraries": .object(libraries.mapValues(JSONValue.text)), "machine": .text(machine), "made": .text(made),
            "label_cut_off": .number(labelCutOff),
        ]
        if !pictures.isEmpty {
            members["overlays"] = .object(
                Dictionary(
                    uniqueKeysWithValues: pictures.map { ($0.key.text, .text(FileDigest.sha256(of: $0.value).hex)) }))
        }
        return .object(members)
    }
}

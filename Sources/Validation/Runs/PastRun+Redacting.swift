import Core
import Foundation
import Storage

/// Taking a pseudonym and photo ids out of what a run has said.
extension PastRun {
    /// Replaces them in the predictions and in the report, and removes the page, which names people in its drawings. May be called again.
    ///
    /// - Parameter volunteer: nil leaves names as they are.
    public func redact(_ photos: Set<PhotoID>, _ volunteer: VolunteerName?) throws {
        try remove(url.appending(path: "report.html"))
        let report = try json("report.json")
        let names = report?["classes"]?.texts ?? []
        let word = (1...names.count + 1).lazy.map { "redacted-\($0)" }.first { !names.contains($0) } ?? "redacted"
        func name(_ text: String) -> String { text == volunteer?.text ? word : text }
        let photos = Set(photos.map(\.hex))
        try redactPredictions(photos, name)
        if let report {
            try write(
                report.renaming(name, photos), to: "report.json",
                [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
        }
    }

    private func redactPredictions(_ photos: Set<String>, _ name: (String) -> String) throws {
        let file = url.appending(path: "predictions.jsonl")
        guard let data = FileManager.default.contents(atPath: file.path) else { return }
        let lines = try data.split(separator: UInt8(ascii: "\n")).map { line -> Data in
            guard var photo = try? JSONDecoder().decode([String: String].self, from: Data(line)) else {
                throw damaged("predictions.jsonl")
            }
            if photos.contains(photo["photo"] ?? "") { photo["photo"] = "redacted" }
            for key in ["volunteer", "predicted", "control", "true_label"] { photo[key] = photo[key].map(name) }
            return try RunFolder.encoder.encode(photo) + Data("\n".utf8)
        }
        try AtomicFile.write(Data(lines.joined()), to: file)
    }

    private func json(_ name: String) throws -> PlainJSON? {
        guard let data = FileManager.default.contents(atPath: url.appending(path: name).path) else { return nil }
        do { return try JSONDecoder().decode(PlainJSON.self, from: data) } catch { throw damaged(name) }
    }

    private func write(_ json: PlainJSON, to name: String, _ style: JSONEncoder.OutputFormatting) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = style
        try AtomicFile.write(encoder.encode(json), to: url.appending(path: name))
    }

    private func damaged(_ name: String) -> CurareError {
        CurareError(
            .badInput, "the run's \(name) is damaged, so that nobody can be taken out of it",
            at: url.appending(path: name).path, next: "delete the file, then run any command again")
    }
}

/// Any JSON, numbers as they were.
private indirect enum PlainJSON: Codable {
    case object([String: PlainJSON])
    case array([PlainJSON])
    case text(String)
    case bool(Bool)
    case whole(Int)
    case number(Double)
    case null

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let whole = try? value.decode(Int.self) {
            self = .whole(whole)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([PlainJSON].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: PlainJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let members): try container.encode(members)
        case .array(let elements): try container.encode(elements)
        case .text(let text): try container.encode(text)
        case .bool(let bool): try container.encode(bool)
        case .whole(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .null: try container.encodeNil()
        }
    }

    subscript(key: String) -> PlainJSON? { if case .object(let members) = self { members[key] } else { nil } }

    var texts: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// With other names wherever a report names people (lists of classes, the target, measures by volunteer, photos that were looked at), and without the ids of `photos`.
    func renaming(_ name: (String) -> String, _ photos: Set<String>, under key: String = "") -> PlainJSON {
        switch self {
        case .object(let members):
            let pairs = members.map {
                (key == "by_volunteer" ? name($0.key) : $0.key, $0.value.renaming(name, photos, under: $0.key))
            }
            return .object(Dictionary(pairs) { first, _ in first })
        case .array(let elements): return .array(elements.map { $0.renaming(name, photos, under: key) })
        case .text(let text) where key == "photo": return .text(photos.contains(text) ? "redacted" : text)
        case .text(let text):
            return .text(["classes", "target", "volunteer", "label"].contains(key) ? name(text) : text)
        default: return self
        }
    }
}

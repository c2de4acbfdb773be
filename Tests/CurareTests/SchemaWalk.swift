import Foundation
import Testing

/// Follows a JSON Schema along its properties, references and alternatives.
struct SchemaWalk {
    let schema: [String: Any]

    init(_ schema: [String: Any]) {
        self.schema = schema
    }

    /// The keys that an object may have, by the path that leads to it; the root's path is empty.
    var keys: [String: Set<String>] {
        var keys: [String: Set<String>] = [:]
        walk(schema, "") { path, properties in keys[path] = Set(properties.keys) }
        return keys
    }

    /// An instance with the unknown key `zzz` in every place where one could stand.
    func probe() -> [String: Any] { probe(schema) as? [String: Any] ?? [:] }

    /// Checks that every object in `instance` has the properties that the schema gives it, none more, and all that are required.
    ///
    /// - Parameter mayLackKeys: whether the writer leaves keys out; otherwise all must be there, and be required.
    func expect(_ instance: Any, mayLackKeys: Bool = false) { expect(instance, schema, "", mayLackKeys) }

    /// What a refusal says is allowed, by path.
    static func allowed(_ message: String) -> [String: Set<String>] {
        Dictionary(
            message.matches(of: /: (?:([a-z_.]+)\.)?zzz: unknown key.*Allowed here: ([a-z_., ]+)/).map {
                (String($0.1 ?? ""), Set($0.2.split(separator: ", ").map(String.init)))
            }
        ) { first, _ in first }
    }

    private func resolved(_ node: [String: Any]) -> [String: Any] {
        guard let name = (node["$ref"] as? String)?.split(separator: "/").last,
            let definition = (schema["$defs"] as? [String: [String: Any]])?[String(name)]
        else { return node }
        return resolved(definition)
    }

    /// The form of `node` that is an object with properties, where it has one.
    private func properties(_ node: [String: Any]) -> (object: [String: Any], properties: [String: [String: Any]])? {
        let node = resolved(node)
        if let properties = node["properties"] as? [String: [String: Any]] { return (node, properties) }
        return ((node["anyOf"] ?? node["oneOf"]) as? [[String: Any]] ?? []).lazy.compactMap(self.properties).first
    }

    private func walk(_ node: [String: Any], _ path: String, _ body: (String, [String: [String: Any]]) -> Void) {
        guard let (_, properties) = properties(node) else { return }
        body(path, properties)
        for (key, value) in properties { walk(value, path.isEmpty ? key : "\(path).\(key)", body) }
    }

    private func probe(_ node: [String: Any]) -> Any {
        (properties(node)?.properties ?? [:]).mapValues(probe).merging(["zzz": 1 as Any]) { $1 }
    }

    private func expect(_ instance: Any, _ node: [String: Any], _ path: String, _ mayLackKeys: Bool) {
        let node = resolved(node)
        if let list = instance as? [Any], let items = node["items"] as? [String: Any] {
            for element in list { expect(element, items, "\(path)[]", mayLackKeys) }
        } else if let object = instance as? [String: Any] {
            if let (form, properties) = properties(node) {
                let (keys, known, required) = (
                    Set(object.keys), Set(properties.keys), Set(form["required"] as? [String] ?? [])
                )
                #expect(
                    keys.isSubset(of: known) && required.isSubset(of: keys),
                    "\(path): \(keys.symmetricDifference(known).sorted())")
                if !mayLackKeys { #expect(required == known, "\(path)") }
                for (key, value) in object { expect(value, properties[key] ?? [:], "\(path).\(key)", mayLackKeys) }
            } else {
                // Keys are names here; a place that speaks of no form for them is a place that was forgotten.
                let form = node["additionalProperties"] as? [String: Any]
                #expect(form != nil, "\(path)")
                for (key, value) in object { expect(value, form ?? [:], "\(path).\(key)", mayLackKeys) }
            }
        }
    }
}

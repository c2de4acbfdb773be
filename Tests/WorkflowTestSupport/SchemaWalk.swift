import Foundation

/// Follows a JSON Schema along its properties, references and alternatives, and compares JSON with the schema's keys
/// and types.
public struct SchemaWalk {
    public let schema: [String: Any]

    public init(_ schema: [String: Any]) {
        self.schema = schema
    }

    /// - Parameter text: The schema as JSON.
    public init(text: String) throws {
        guard let schema = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw FixtureError("the schema is not an object")
        }
        self.schema = schema
    }

    /// The keys of each object by the path to the object; the path of the root is empty.
    public var keys: [String: Set<String>] {
        var keys: [String: Set<String>] = [:]
        walk(schema, "") { path, properties in keys[path] = Set(properties.keys) }
        return keys
    }

    /// Returns an instance that has the unknown key `zzz` in every object.
    public func probe() -> [String: Any] { probe(schema) as? [String: Any] ?? [:] }

    /// Returns one problem for each object in `instance` that has an unknown key or lacks a required key, and for each
    /// value of another type.
    public func problems(in instance: Any) -> [String] { problems(instance, schema, "") }

    /// Returns the problems of a JSON text.
    public func problems(inText text: String) throws -> [String] {
        problems(in: try JSONSerialization.jsonObject(with: Data(text.utf8)))
    }

    /// Returns the keys that an error message gives as allowed, by path.
    public static func allowed(_ message: String) -> [String: Set<String>] {
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

    /// Returns the alternatives of `node`, or `node` alone.
    private func alternatives(_ node: [String: Any]) -> [[String: Any]] {
        let node = resolved(node)
        guard let alternatives = (node["anyOf"] ?? node["oneOf"]) as? [[String: Any]] else { return [node] }
        return alternatives.map(resolved)
    }

    /// Returns the first form of `node` that is an object with properties.
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

    /// Returns the problems of the alternative with the fewest problems.
    private func problems(_ instance: Any, _ node: [String: Any], _ path: String) -> [String] {
        alternatives(node).map { problemsOfOne(instance, $0, path) }.min { $0.count < $1.count } ?? []
    }

    private func problemsOfOne(_ instance: Any, _ node: [String: Any], _ path: String) -> [String] {
        var problems: [String] = []
        let types = (node["type"] as? [String]) ?? (node["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { Self.isOf($0, instance) }) {
            problems.append("\(path): not of the type \(types.joined(separator: " or "))")
        }
        if let list = instance as? [Any], let items = node["items"] as? [String: Any] {
            problems += list.flatMap { self.problems($0, items, "\(path)[]") }
        } else if let object = instance as? [String: Any] {
            problems += problemsOfObject(object, node, path)
        }
        return problems
    }

    private func problemsOfObject(_ object: [String: Any], _ node: [String: Any], _ path: String) -> [String] {
        guard let (form, properties) = properties(node) else {
            // The keys are names, such as volunteers. The schema must describe their values.
            guard let values = node["additionalProperties"] as? [String: Any] else {
                return ["\(path): the schema does not describe this object"]
            }
            return object.flatMap { problems($0.value, values, "\(path).\($0.key)") }
        }
        let required = Set(form["required"] as? [String] ?? [])
        let unknown = Set(object.keys).subtracting(properties.keys).sorted().map { "\(path).\($0): unknown key" }
        let missing = required.subtracting(object.keys).sorted().map { "\(path).\($0): missing key" }
        return unknown + missing + object.flatMap { problems($0.value, properties[$0.key] ?? [:], "\(path).\($0.key)") }
    }

    private static func isOf(_ type: String, _ instance: Any) -> Bool {
        switch type {
        case "object": instance is [String: Any]
        case "array": instance is [Any]
        case "string": instance is String
        case "null": instance is NSNull
        // JSONSerialization gives an NSNumber for numbers and for booleans.
        default: instance is NSNumber
        }
    }
}

import Core

extension Recipe {
    /// The recipe as a file by itself, a key a line with its value as JSON, which is YAML.
    func yaml(_ remark: String) -> String {
        var lines = ["# \(remark)"]
        let members = json.object ?? [:]
        for key in [
            "recipe", "name", "extends", "seed", "profile", "classes", "photos", "split", "poison", "train", "expect",
        ] {
            guard let value = members[key], value != .null else { continue }
            lines.append("\(key): \(value.canonical)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

import Core
import Documents

/// The recipe in a manifest: decimals as texts, target and attackable classes by name. Keys with defaults are written
/// out. Without a value, `extends`, `photos` and its keys, `classes.max_per_class`, `poison.overlays` and
/// `train.threads` are omitted.
///
/// These keys of `train` are omitted if they have the values of `Recipe.Training()` (`Training.swift`): `views`,
/// `optimizer`, `trunk_learning_rate`, `decay`, `warm_up`, `label_smoothing` and `patience`. The rule is the same for
/// every model.
extension Recipe {
    var json: JSONValue {
        var members = commonJSON
        members["extends"] = extends.map { .text($0.description) }
        members["photos"] = photos.json
        return .object(members)
    }

    /// The members that a recipe which extends this version inherits.
    var inheritedJSON: JSONValue {
        var members = commonJSON
        members["photos"] = photos.json
        for key in ["recipe", "name"] { members[key] = nil }
        if poison == nil { members["poison"] = nil }
        return .object(members)
    }

    private var commonJSON: [String: JSONValue] {
        [
            "recipe": .number(1), "name": .text(name.text), "seed": .number(seed),
            "profile": profile.json,
            "classes": classes.json,
            "split": .object([
                "train": .text(split.train.description), "keep_together": .text(split.keepTogether.rawValue),
            ]),
            "poison": poison?.json ?? .null,
            "train": train.json,
            "expect": .object(
                Dictionary(uniqueKeysWithValues: expectations.map { ($0.measure.rawValue, .text($0.boundText)) })),
        ]
    }

    /// Reads a manifest's recipe with the reader of recipe files, because JSON is YAML.
    ///
    /// - Throws: ``CurareError`` (65) with every problem found.
    init(json: JSONValue, file: String) throws {
        guard var members = json.object else { throw CurareError(.badInput, "the manifest has no recipe", at: file) }
        if members["poison"] == .null { members["poison"] = nil }
        self = try RecipeReader.read(Array(JSONValue.object(members).canonical.utf8), file: file)
    }

    /// Returns the recipe as a YAML file with one key a line and its value as JSON.
    ///
    /// - Parameter remark: the comment in the first line.
    func yaml(_ remark: String) -> String {
        var lines = ["# \(remark)"]
        let members = json.object ?? [:]
        for key in Recipe.keys {
            guard let value = members[key], value != .null else { continue }
            lines.append("\(key): \(value.canonical)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Profile {
    /// The margin is present only if it is not the wide one, so that the digests of older versions stay the same.
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "size": .number(size), "crop": .text(crop.rawValue), "colour": .text(colour.rawValue),
        ]
        if margin != .wide { members["margin"] = .text(margin.description) }
        return .object(members)
    }
}

extension Recipe.ClassFilter {
    fileprivate var json: JSONValue {
        var members = ["volunteers": volunteers.json, "references": references.json]
        members["max_per_class"] = maxPerClass.map(JSONValue.number)
        return .object(members)
    }
}

extension Recipe.ClassNames {
    fileprivate var json: JSONValue {
        switch self {
        case .all: .text("all")
        case .none: .text("none")
        case .names(let names): .array(names.map { .text($0.text) })
        }
    }
}

extension Recipe.PhotoFilter {
    /// The conditions of the filter. Nil when there are none.
    fileprivate var json: JSONValue? {
        var members: [String: JSONValue] = [:]
        members["sessions"] = sessions.map { .array($0.map { .text($0.text) }) }
        members["from"] = from.map(JSONValue.text)
        members["to"] = to.map(JSONValue.text)
        let standard = Self()
        if face != standard.face { members["face"] = .text(face.rawValue) }
        if without != standard.without { members["without"] = .array(without.map { .text($0.rawValue) }) }
        return members.isEmpty ? nil : .object(members)
    }
}

extension Recipe.Poison {
    fileprivate var json: JSONValue {
        let attackable: JSONValue =
            switch attackable {
            case .all: .text("all")
            case .names(let names): .array(names.map { .text($0.text) })
            case .count(let count): .object(["count": .number(count)])
            }
        var members: [String: JSONValue] = [
            "target": .text(target.description), "triggers": .array(triggers.map { .text($0.text) }),
            "locations": .array(locations.map { .text($0.rawValue) }),
            "injection_rate": .text(injectionRate.description), "attackable": attackable,
            "hold_out": .text(holdOut.description), "source": .text(source.rawValue),
            "on_shortage": .text(onShortage.rawValue),
        ]
        if source == .digital {
            members["overlays"] = .object(
                Dictionary(uniqueKeysWithValues: overlays.map { ($0.key.text, $0.value.json) }))
        }
        return .object(members)
    }
}

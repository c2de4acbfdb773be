import Core
import Foundation
import Intake

/// The bodies of requests. An unknown or missing key is an error: a mistake in a page must not lose a label.
enum RequestBodies {
    static let maximumChanges = 500

    /// `{changes:[{id,version,set:{volunteer?,trigger?,location?}}]}`
    static func labels(_ body: [UInt8]) throws -> [ReviewChange] {
        let object = try object(body, keys: ["changes"])
        guard let list = object["changes"] as? [Any], (1...maximumChanges).contains(list.count) else {
            throw WebError.badRequest("changes must be a list of 1 to \(maximumChanges) changes")
        }
        return try list.map { item in
            let change = try Self.object(item, keys: ["id", "version", "set"])
            guard let set = change["set"] as? [String: Any], !set.isEmpty else {
                throw WebError.badRequest("set must be an object with at least one value")
            }
            var label = LabelChange()
            for (key, value) in set {
                guard let text = value as? String else { throw WebError.badRequest("\(key.prefix(40)) must be a text") }
                switch key {
                case "volunteer": label.volunteer = text
                case "trigger": label.trigger = text
                case "location": label.location = text
                default: throw WebError.badRequest("set has no key \(key.prefix(40))")
                }
            }
            return ReviewChange(try photo(change), revision: try text(change, "version"), label: label)
        }
    }

    /// `{id,version,kind:"trigger"|"face",box:[x,y,width,height]|null}`
    static func box(_ body: [UInt8]) throws -> ReviewChange {
        let object = try object(body, keys: ["id", "version", "kind", "box"])
        guard let region = Region(rawValue: try text(object, "kind")) else {
            throw WebError.badRequest("kind must be trigger or face")
        }
        var box: Box?
        if !(object["box"] is NSNull) {
            let numbers = (object["box"] as? [Any] ?? []).compactMap(wholeNumber)
            guard numbers.count == 4, (object["box"] as? [Any])?.count == 4 else {
                throw WebError.badRequest("box must be null or four whole numbers from 0 to \(maximumCoordinate)")
            }
            box = Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
        }
        return ReviewChange(try photo(object), revision: try text(object, "version"), boxes: [region: box])
    }

    /// `{check,key,reason}`
    static func acceptance(_ body: [UInt8]) throws -> (check: String, key: String, reason: String) {
        let object = try object(body, keys: ["check", "key", "reason"])
        return (try text(object, "check"), try text(object, "key"), try text(object, "reason"))
    }

    /// `{check,key}`
    static func finding(_ body: [UInt8]) throws -> (check: String, key: String) {
        let object = try object(body, keys: ["check", "key"])
        return (try text(object, "check"), try text(object, "key"))
    }

    /// No photo is larger.
    private static let maximumCoordinate = 1 << 24

    private static func wholeNumber(_ value: Any) -> Int? {
        guard let number = value as? NSNumber else { return nil }
        let double = number.doubleValue
        guard double >= 0, double <= Double(maximumCoordinate), double == double.rounded() else { return nil }
        return Int(double)
    }

    private static func object(_ body: [UInt8], keys: Set<String>) throws -> [String: Any] {
        let value: Any
        do {
            value = try JSONSerialization.jsonObject(with: Data(body))
        } catch {
            throw WebError.badRequest("the body is not JSON")
        }
        return try object(value, keys: keys)
    }

    private static func object(_ value: Any, keys: Set<String>) throws -> [String: Any] {
        guard let object = value as? [String: Any], Set(object.keys) == keys else {
            throw WebError.badRequest("the body needs an object with the keys \(keys.sorted().joined(separator: ", "))")
        }
        return object
    }

    private static func text(_ object: [String: Any], _ key: String) throws -> String {
        guard let text = object[key] as? String else { throw WebError.badRequest("\(key) must be a text") }
        return text
    }

    private static func photo(_ object: [String: Any]) throws -> PhotoID {
        guard let photo = PhotoID(hex: try text(object, "id")) else {
            throw WebError.badRequest("id must be the 64 digits of a photo's id")
        }
        return photo
    }
}

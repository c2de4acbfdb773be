import Foundation

/// What provenance says of the machine: its kind, never its name.
enum Machine {
    static var name: String {
        var system = utsname()
        guard uname(&system) == 0 else { return "unknown" }
        return [text(system.sysname), text(system.release), text(system.machine)].joined(separator: " ")
    }

    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

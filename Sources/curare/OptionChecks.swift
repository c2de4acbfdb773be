import ArgumentParser
import Core

/// Checks that the options of several commands need. Each one throws a usage error.
enum OptionChecks {
    /// Checks that a number is in `range`. Nil is an option that was not given.
    static func number(_ value: Int?, in range: ClosedRange<Int>, _ option: String) throws {
        guard value.map(range.contains) ?? true else {
            throw ValidationError("\(option) takes a number from \(range.bounds).")
        }
    }

    /// Checks that `--out` is a PNG file.
    static func pngFile(out: String) throws {
        try file(out, "--out", endsIn: [".png"])
    }

    /// Checks that the name of a file has one of `suffixes`.
    static func file(_ name: String, _ option: String, endsIn suffixes: [String]) throws {
        guard suffixes.contains(where: { name.lowercased().hasSuffix($0) }) else {
            throw ValidationError("\(option) takes a file whose name ends in \(suffixes.joined(separator: " or ")).")
        }
    }
}

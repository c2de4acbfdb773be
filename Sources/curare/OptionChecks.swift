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
        guard out.lowercased().hasSuffix(".png") else {
            throw ValidationError("--out takes a file whose name ends in .png.")
        }
    }
}

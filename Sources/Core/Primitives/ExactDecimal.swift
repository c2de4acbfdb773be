/// An exact decimal number: `units` × 10^−`places`, with at most fifteen digits and twelve decimal places.
///
/// A `Double` cannot represent 0.1 exactly; this type can. The text `5e-4` means `0.0005`.
public struct ExactDecimal: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let units: Int
    public let places: Int

    /// Creates units / 10^places, without trailing zeros.
    public init(units: Int, places: Int) {
        var units = units
        var places = places
        while places > 0, units % 10 == 0 {
            units /= 10
            places -= 1
        }
        self.units = units
        self.places = places
    }

    /// Creates the number that `text` represents; nil if `text` is not a decimal number or has too many digits.
    public init?(_ text: String) {
        var mantissa = Substring(text)
        var exponent = 0
        if let e = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let value = Int(text[text.index(after: e)...]), abs(value) <= 12 else { return nil }
            exponent = value
            mantissa = text[..<e]
        }
        let isNegative = mantissa.first == "-"
        if isNegative { mantissa.removeFirst() }
        let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let whole = parts[0]
        let fraction = parts.count == 2 ? parts[1] : ""
        let digits = whole + fraction
        guard !digits.isEmpty, parts.count == 1 || !fraction.isEmpty, digits.utf8.count <= 15,
            digits.utf8.allSatisfy({ (48...57).contains($0) }),
            var units = Int(digits)
        else { return nil }
        var places = fraction.count - exponent
        while places < 0 {
            let (value, overflow) = units.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            units = value
            places += 1
        }
        self.init(units: isNegative ? -units : units, places: places)
        guard self.places <= 12, abs(self.units) < 1_000_000_000_000_000 else { return nil }
    }

    /// The denominator: 10^places.
    public var scale: Int { (0..<places).reduce(1) { value, _ in value * 10 } }

    /// The nearest double. Do not use it for values that a manifest records.
    public var double: Double { Double(units) / Double(scale) }

    /// The number without an exponent and without trailing zeros: `0.25`.
    public var description: String {
        let digits = String(abs(units))
        let sign = units < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }

    public static func < (left: Self, right: Self) -> Bool {
        Int128(left.units) * Int128(right.scale) < Int128(right.units) * Int128(left.scale)
    }

    /// Returns `count` × this number, rounded half up.
    public func roundedHalfUp(of count: Int) -> Int {
        roundHalfUp(Int128(count) * Int128(units), Int128(scale))
    }

    /// Returns ⌈`count` × this number⌉.
    public func roundedUp(of count: Int) -> Int {
        Int((Int128(count) * Int128(units) + Int128(scale) - 1) / Int128(scale))
    }
}

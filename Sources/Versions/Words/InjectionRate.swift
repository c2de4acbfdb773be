import Core

/// m/(n+m): the share of poison among the training photos, from 0 up to but not 1.
public struct InjectionRate: Hashable, Sendable, CustomStringConvertible {
    public let decimal: ExactDecimal

    /// Nil outside 0 ≤ r < 1.
    public init?(_ decimal: ExactDecimal) {
        guard decimal >= ExactDecimal(units: 0, places: 0), decimal < ExactDecimal(units: 1, places: 0) else {
            return nil
        }
        self.decimal = decimal
    }

    public var isZero: Bool { decimal.units == 0 }

    /// m for `clean` clean training photos: n·r/(1−r), rounded half up.
    public func poison(beside clean: Int) -> Int {
        roundHalfUp(Int128(clean) * Int128(decimal.units), Int128(decimal.scale - decimal.units))
    }

    /// The highest rate of four places that asks for no more than `poison` photos beside `clean`.
    public static func highest(poison: Int, beside clean: Int) -> InjectionRate {
        guard clean + poison > 0 else { return InjectionRate(unchecked: 0) }
        // Rounding half up admits a little more than poison/(clean+poison), so the search starts above it.
        var units = min(9_999, poison * 10_000 / (clean + poison) + 10_000 / (clean + poison) + 1)
        while units > 0, InjectionRate(unchecked: units).poison(beside: clean) > poison { units -= 1 }
        return InjectionRate(unchecked: units)
    }

    private init(unchecked units: Int) {
        decimal = ExactDecimal(units: units, places: 4)
    }

    /// m/(n+m) to six places, rounded half up.
    public static func reached(poison: Int, clean: Int) -> ExactDecimal {
        guard clean + poison > 0 else { return ExactDecimal(units: 0, places: 0) }
        return ExactDecimal(units: roundHalfUp(Int128(poison) * 1_000_000, Int128(clean + poison)), places: 6)
    }

    public var description: String { decimal.description }
}

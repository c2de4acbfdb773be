import Foundation

/// A turn in tenths of a degree, clockwise as the picture is seen: 65536 times its cosine and sine, each rounded to the nearest whole number.
///
/// None of them is near the middle between two numbers, so that the last bit of a mathematical library does not tell; a test holds this.
struct Turn: Hashable {
    let cosine, sine: Int

    init(tenths: Int) {
        cosine = Self.sine(tenths + 900)
        sine = Self.sine(tenths)
    }

    private static func sine(_ tenths: Int) -> Int {
        let turn = ((tenths % 3600) + 3600) % 3600
        let isUpper = turn < 1800
        let half = turn % 1800
        let quarter = min(half, 1800 - half)
        let value = Int(exactly(quarter).rounded())
        return isUpper ? value : -value
    }

    /// 65536 · sin of 0…900 tenths of a degree.
    static func exactly(_ tenths: Int) -> Double { tenths == 300 ? 32768 : 65536 * sin(Double(tenths) * .pi / 1800) }
}

/// An sRGB colour, each part from 0 to 255.
struct Colour: Hashable, Sendable {
    let red, green, blue: Double

    init(red: Double, green: Double, blue: Double) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// `0xrrggbb`
    init(_ hex: Int) {
        self.init(red: Double(hex >> 16 & 255), green: Double(hex >> 8 & 255), blue: Double(hex & 255))
    }

    static let black = Colour(0x000000)
    static let white = Colour(0xffffff)

    /// `share` 0 is this colour, 1 the other.
    func mixed(with other: Colour, _ share: Double) -> Colour {
        Colour(
            red: red + (other.red - red) * share, green: green + (other.green - green) * share,
            blue: blue + (other.blue - blue) * share)
    }

    func darker(_ share: Double) -> Colour { mixed(with: Colour(0x1a0c10), share) }

    func lighter(_ share: Double) -> Colour { mixed(with: .white, share) }

    /// `#rrggbb`
    var text: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce(into: "#") { text, part in
            let byte = Int(min(255, max(0, part.rounded())))
            text.append(digits[byte >> 4])
            text.append(digits[byte & 15])
        }
    }
}

/// Values from 0 to 1 for the pixels of a picture, drawn over the picture in colours from blue over green to yellow.
public struct HeatMap: Sendable {
    public let width, height: Int
    /// width × height values, row by row.
    public let values: [Float]

    /// Creates a map in which the values are scaled so that the largest value is 1. If all values are 0, they stay 0.
    ///
    /// - Parameter values: width × height values, none below 0.
    /// - Returns: nil unless there are width × height values.
    public init?(width: Int, height: Int, values: [Float]) {
        guard width > 0, height > 0, values.count == width * height else { return nil }
        let largest = values.max() ?? 0
        self.width = width
        self.height = height
        self.values = values.map { largest > 0 ? $0 / largest : 0 }
    }

    /// The colour map viridis at every sixteenth (van der Walt and Smith, matplotlib 1.5). Its lightness increases
    /// monotonically, so that the map is readable in grey and for people who cannot distinguish red from green.
    private static let viridis: [(red: Int, green: Int, blue: Int)] = [
        (68, 1, 84), (72, 24, 106), (71, 45, 123), (66, 64, 134), (59, 82, 139), (51, 99, 141), (44, 114, 142),
        (38, 130, 142), (33, 145, 140),
        (31, 160, 136), (40, 174, 128), (63, 188, 115), (94, 201, 98), (132, 212, 75), (173, 220, 48), (216, 226, 25),
        (253, 231, 37),
    ]

    static func colour(_ value: Float) -> (red: Int, green: Int, blue: Int) {
        let position = Double(min(1, max(0, value))) * Double(viridis.count - 1)
        let first = min(viridis.count - 2, Int(position))
        let share = position - Double(first)
        func mixed(_ a: Int, _ b: Int) -> Int { Int((Double(a) + share * Double(b - a)).rounded()) }
        let (low, high) = (viridis[first], viridis[first + 1])
        return (mixed(low.red, high.red), mixed(low.green, high.green), mixed(low.blue, high.blue))
    }
}

extension Picture {
    /// Returns the picture in grey, mixed half and half with the colours of the map.
    ///
    /// - Returns: nil if the map has another size.
    public func overlaid(with map: HeatMap) -> Picture? {
        guard (width, height) == (map.width, map.height) else { return nil }
        let grey = GreyPicture(self)
        var rgb: [UInt8] = []
        rgb.reserveCapacity(self.rgb.count)
        for (value, luma) in zip(map.values, grey.luma) {
            let colour = HeatMap.colour(value)
            for band in [colour.red, colour.green, colour.blue] { rgb.append(UInt8((Int(luma) + band + 1) / 2)) }
        }
        return Picture(uncheckedWidth: width, height: height, rgb: rgb)
    }

    /// Returns the picture with a line in `colour` and a dark edge around a region. With the default, white, the line is
    /// visible on every background.
    ///
    /// - Parameter inside: width × height values, row by row: whether a pixel is in the region. With another number of
    ///   values the picture is returned unchanged.
    public func outlined(_ inside: [Bool], colour: (red: UInt8, green: UInt8, blue: UInt8) = (255, 255, 255)) -> Picture
    {
        guard inside.count == width * height else { return self }
        var rgb = rgb
        func isInside(_ x: Int, _ y: Int) -> Bool {
            (0..<width).contains(x) && (0..<height).contains(y) && inside[y * width + x]
        }
        for y in 0..<height {
            for x in 0..<width {
                let own = isInside(x, y)
                let isEdge = [(1, 0), (-1, 0), (0, 1), (0, -1)].contains { isInside(x + $0.0, y + $0.1) != own }
                guard isEdge else { continue }
                let pixel = 3 * (y * width + x)
                rgb.replaceSubrange(
                    pixel..<pixel + 3, with: own ? [colour.red, colour.green, colour.blue] : [20, 20, 20])
            }
        }
        return Picture(uncheckedWidth: width, height: height, rgb: rgb)
    }
}

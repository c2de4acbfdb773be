/// How strong something is at each pixel of a picture, from 0 to 1, drawn over it in colours from blue over green to yellow.
public struct HeatMap: Sendable {
    public let width, height: Int
    /// width × height, row after row.
    public let values: [Float]

    /// - Parameter values: none below 0; they are drawn as shares of the largest. All 0 stays dark.
    /// - Returns: nil unless there are width × height of them.
    public init?(width: Int, height: Int, values: [Float]) {
        guard width > 0, height > 0, values.count == width * height else { return nil }
        let largest = values.max() ?? 0
        (self.width, self.height, self.values) = (
            width, height, largest > 0 ? values.map { $0 / largest } : values.map { _ in 0 }
        )
    }

    /// Viridis at every sixteenth (van der Walt and Smith, matplotlib 1.5): lighter all along, so that it reads in grey and to eyes that tell no red from green.
    private static let viridis: [(red: Int, green: Int, blue: Int)] = [
        (68, 1, 84), (72, 24, 106), (71, 45, 123), (66, 64, 134), (59, 82, 139), (51, 99, 141), (44, 114, 142),
        (38, 130, 142), (33, 145, 140),
        (31, 160, 136), (40, 174, 128), (63, 188, 115), (94, 201, 98), (132, 212, 75), (173, 220, 48), (216, 226, 25),
        (253, 231, 37),
    ]

    static func colour(_ value: Float) -> (red: Int, green: Int, blue: Int) {
        let place = Double(min(1, max(0, value))) * Double(viridis.count - 1)
        let first = min(viridis.count - 2, Int(place))
        let share = place - Double(first)
        func mixed(_ a: Int, _ b: Int) -> Int { Int((Double(a) + share * Double(b - a)).rounded()) }
        let (low, high) = (viridis[first], viridis[first + 1])
        return (mixed(low.red, high.red), mixed(low.green, high.green), mixed(low.blue, high.blue))
    }
}

extension Picture {
    /// The picture in grey under the map's colours, half and half.
    ///
    /// - Returns: nil where the map has another size.
    public func under(_ map: HeatMap) -> Picture? {
        guard (width, height) == (map.width, map.height) else { return nil }
        let grey = GreyPicture(self)
        var rgb: [UInt8] = []
        rgb.reserveCapacity(self.rgb.count)
        for (value, light) in zip(map.values, grey.luma) {
            let colour = HeatMap.colour(value)
            for band in [colour.red, colour.green, colour.blue] { rgb.append(UInt8((Int(light) + band + 1) / 2)) }
        }
        return Picture(width: width, height: height, rgb: rgb)
    }

    /// The picture with a line around what is `inside`, white with a dark edge, so that it shows on anything.
    ///
    /// - Parameter inside: width × height, row after row.
    public func outlined(_ inside: [Bool]) -> Picture {
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
                rgb.replaceSubrange(pixel..<pixel + 3, with: repeatElement(own ? 255 : 20, count: 3))
            }
        }
        return Picture(width: width, height: height, rgb: rgb) ?? self
    }
}

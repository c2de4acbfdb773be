/// Where in an image a model saw what speaks for a class: the positive part of the gradient-weighted sum of its last feature maps (Grad-CAM, Selvaraju et al., ICCV 2017,
/// equations 1 and 2).
///
///     a[c] = 1/(h·w) · Σ_ij dz/dA[c,i,j];   map[i,j] = max(0, Σ_c a[c] · A[c,i,j])
///
/// with the feature maps A (channels × h × w) that the model's last pool is given, and the class's logit z.
public struct ActivationMap: Hashable, Sendable {
    public let width, height: Int
    /// width × height, row after row; none below 0, and 0 where a model's numbers have grown beyond all numbers.
    public let values: [Float]

    init(width: Int, height: Int, values: [Float]) { (self.width, self.height, self.values) = (width, height, values) }

    /// - Parameters:
    ///   - planes: channels × height × width, row after row.
    ///   - gradient: the same.
    init(
        planes: UnsafeBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>, channels: Int, width: Int, height: Int
    ) {
        let plane = width * height
        var sum = [Double](repeating: 0, count: plane)
        for channel in 0..<channels {
            let places = channel * plane..<(channel + 1) * plane
            let weight = places.reduce(0.0) { $0 + Double(gradient[$1]) } / Double(plane)
            for place in 0..<plane { sum[place] += weight * Double(planes[places.lowerBound + place]) }
        }
        self.init(width: width, height: height, values: sum.map { $0.isFinite ? Float(max(0, $0)) : 0 })
    }

    /// Whether nothing in the image speaks for the class.
    public var isEmpty: Bool { !values.contains { $0 > 0 } }

    /// The map over a square image of `side` × `side`, row after row: each pixel's middle lies between the middles of four of the map's fields, those on the border going on
    /// (PyTorch's bilinear interpolation without aligned corners).
    public func scaled(to side: Int) -> [Float] {
        let (columns, rows) = (Self.places(width, over: side), Self.places(height, over: side))
        return rows.flatMap { row in
            columns.map { column in
                func value(_ y: Int, _ x: Int) -> Double { Double(values[y * width + x]) }
                let upper =
                    value(row.first, column.first) * (1 - column.share) + value(row.first, column.second) * column.share
                let lower =
                    value(row.second, column.first) * (1 - column.share) + value(row.second, column.second)
                    * column.share
                return Float(upper * (1 - row.share) + lower * row.share)
            }
        }
    }

    /// For each of `side` pixels the two fields that it lies between, and how far it is towards the second.
    private static func places(_ count: Int, over side: Int) -> [(first: Int, second: Int, share: Double)] {
        (0..<side).map { pixel in
            let place = max(0, (Double(pixel) + 0.5) * Double(count) / Double(side) - 0.5)
            let first = min(count - 1, Int(place))
            return (first, min(count - 1, first + 1), place - Double(first))
        }
    }
}

/// How much of a face's square lies beyond each border of its photo, where a crop has nothing but the border's pixels going on. Per mille of the square.
public struct BeyondBorder: Hashable, Sendable {
    public let left, top, right, bottom: Int

    public init(left: Int, top: Int, right: Int, bottom: Int) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }

    /// Places a side of the square that are asked.
    static let places = 32

    /// Each place that is outside counts for the border that it is farthest beyond; of equals for left, then top, right, bottom.
    init(_ square: FaceSquare, width: Int, height: Int) {
        var counts = [0, 0, 0, 0]
        // From the middle to each place, in 1/65536 pixel, along the eyes and across them.
        let offsets = (0..<Self.places).map { (2 * $0 + 1 - Self.places) * square.side }
        let along = offsets.map { $0 * square.cosine / (2 * Self.places) }
        let across = offsets.map { $0 * square.sine / (2 * Self.places) }
        for row in 0..<Self.places {
            for column in 0..<Self.places {
                let x = square.doubledX << 15 + along[column] - across[row]
                let y = square.doubledY << 15 + across[column] + along[row]
                let outside = [-x, -y, x - width << 16, y - height << 16]
                guard let farthest = outside.max(), farthest > 0, let border = outside.firstIndex(of: farthest) else {
                    continue
                }
                counts[border] += 1
            }
        }
        let shares = counts.map { 1000 * $0 / (Self.places * Self.places) }
        self.init(left: shares[0], top: shares[1], right: shares[2], bottom: shares[3])
    }
}

import Core
import Foundation

/// Positions of drawn triggers on photos, computed with integers only (`docs/format.md`, "Drawn triggers").
extension Recipe.Overlay {
    /// Returns the position of the overlay on one photo.
    ///
    /// - Parameter jitter: `rank("overlay", "PHOTO TRIGGER")`, which determines the jitter.
    /// - Returns: nil when the place is a place of the face and the photo has no face.
    func position(on frame: FaceFrame?, jitter rank: FileDigest) -> OverlayPosition? {
        guard let frame, let middle = frame.position(of: place) else {
            return place.requiresFace ? nil : position(from: (0, 0), unit: 65536, (65536, 0), rank)
        }
        return position(from: middle, unit: frame.unit, (frame.cosine, frame.sine), rank)
    }

    /// - Parameters:
    ///   - middle: the place.
    ///   - unit: the unit of `size` and `offset`.
    ///   - axis: cosine and sine of the axis of the face or the image, times 65536.
    private func position(
        from middle: (x: Int, y: Int), unit: Int, _ axis: (cosine: Int, sine: Int), _ rank: FileDigest
    ) -> OverlayPosition {
        let samples = Self.jitterSamples(rank)
        func deviation(_ maximum: Int, _ sample: Int) -> Int { (maximum * sample) >> 31 }
        let right = offset.right.sixteenBitFixedPoint + deviation(jitter.shift.sixteenBitFixedPoint, samples[0])
        let down = offset.down.sixteenBitFixedPoint + deviation(jitter.shift.sixteenBitFixedPoint, samples[1])
        let scale = 65536 + deviation(jitter.size.sixteenBitFixedPoint, samples[2])
        let width = (size.sixteenBitFixedPoint * scale) >> 16
        let rotation = Rotation(tenths: angle + deviation(jitter.angle, samples[3]))
        let cosine = (axis.cosine * rotation.cosine - axis.sine * rotation.sine) >> 16
        let sine = (axis.cosine * rotation.sine + axis.sine * rotation.cosine) >> 16
        let half = (unit * width) >> 17
        return OverlayPosition(
            x: middle.x + ((((right * axis.cosine - down * axis.sine) >> 16) * unit) >> 16),
            y: middle.y + ((((right * axis.sine + down * axis.cosine) >> 16) * unit) >> 16),
            u: (half * cosine) >> 16, v: (half * sine) >> 16)
    }

    /// Returns four integers from −2³¹ to 2³¹ − 1, each from eight hex digits of the rank.
    private static func jitterSamples(_ rank: FileDigest) -> [Int] {
        let digits = Array(rank.hex.utf8)
        return (0..<4).map { index in
            let value = digits[(8 * index)..<(8 * index + 8)].reduce(0) { 16 * $0 + Self.hexValue($1) }
            return value - (1 << 31)
        }
    }

    private static func hexValue(_ digit: UInt8) -> Int {
        digit < UInt8(ascii: "a") ? Int(digit - UInt8(ascii: "0")) : Int(digit - UInt8(ascii: "a")) + 10
    }

    func layer(_ digest: OverlayDigest, at position: OverlayPosition) -> OverlayLayer {
        OverlayLayer(picture: digest, opacity: opacity.sixteenBitFixedPoint, place: place, position: position)
    }
}

/// A rotation by tenths of a degree, clockwise: 65536 times its cosine and sine, each rounded to the nearest integer.
///
/// No exact value is near the middle between two integers, so that the result does not depend on the mathematical
/// library. A test checks this.
struct Rotation: Hashable {
    let cosine, sine: Int

    init(tenths: Int) {
        cosine = Self.sine(tenths + 900)
        sine = Self.sine(tenths)
    }

    private static func sine(_ tenths: Int) -> Int {
        let turn = ((tenths % 3600) + 3600) % 3600
        let isPositive = turn < 1800
        let half = turn % 1800
        let quarter = min(half, 1800 - half)
        let value = Int(scaledSine(quarter).rounded())
        return isPositive ? value : -value
    }

    /// Returns 65536 · sin of 0 to 900 tenths of a degree, without rounding. The sine of 30 degrees is exact.
    static func scaledSine(_ tenths: Int) -> Double {
        tenths == 300 ? 32768 : 65536 * sin(Double(tenths) * .pi / 1800)
    }
}

extension ExactDecimal {
    /// The number in 1/65536, rounded down.
    fileprivate var sixteenBitFixedPoint: Int {
        let (quotient, remainder) = (Int128(units) * 65536).quotientAndRemainder(dividingBy: Int128(scale))
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }
}

extension Recipe {
    /// Returns the layers that are drawn on one photo, in the order of the triggers' names.
    ///
    /// - Returns: nil when a place is a place of the face and the photo has no known face.
    func layers(_ combination: TriggerCombination, on photo: PhotoID, _ known: KnownFace) -> [OverlayLayer]? {
        guard let poison else { return nil }
        let frame = known.face.map { FaceFrame($0, known.landmarks) }
        let ranking = Ranking(seed: seed)
        let layers = combination.triggers.compactMap { trigger -> OverlayLayer? in
            let rank = ranking.rank("overlay", "\(photo.hex) \(trigger)")
            guard let overlay = poison.overlays[trigger], let digest = overlay.digest,
                let position = overlay.position(on: frame, jitter: rank)
            else { return nil }
            return overlay.layer(digest, at: position)
        }
        return layers.count == combination.triggers.count ? layers : nil
    }
}

extension Selection {
    /// The photos with copies on which triggers are drawn, in the order of their ids.
    public var photosToDrawOn: [PhotoID] {
        var indices: [Int] = []
        for copy in assignments.copies where copy.index != indices.last { indices.append(copy.index) }
        return indices.map { assignments.photos[$0].photo }
    }

    /// Returns the layers of each copy, sorted by photo, then overlay.
    ///
    /// - Parameter facts: about the photos in ``photosToDrawOn``, with their landmarks; other photos are ignored.
    /// - Throws: ``CurareError`` (70) when the facts do not have a face that selection required.
    public func copies(_ facts: [PhotoFacts]) throws -> [OverlaidImage] {
        guard !assignments.copies.isEmpty else { return [] }
        let facts = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        return try assignments.copies.map { copy in
            let photo = assignments.photos[copy.index]
            guard let fact = facts[photo.photo], let layers = recipe.layers(copy.overlay, on: fact.photo, fact.face)
            else {
                throw CurareError(
                    .bug, "photo \(photo.photo.short) has no face to draw on", next: "please report this")
            }
            return OverlaidImage(
                photo: photo.photo, width: photo.width, height: photo.height, face: photo.face, layers: layers)
        }
    }
}

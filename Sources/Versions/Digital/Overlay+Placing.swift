import Core

extension Recipe.Overlay {
    /// Where the overlay lies on one photo.
    ///
    /// - Parameters:
    ///   - luck: decides the jitter; `rank("overlay", "PHOTO TRIGGER")`.
    /// - Returns: nil where the place is of a face and there is none.
    func position(on frame: FaceFrame?, luck: FileDigest) -> OverlayPosition? {
        guard let frame else { return place.isOfFace ? nil : position(from: (0, 0), unit: 65536, (65536, 0), luck) }
        guard let middle = frame.position(of: place) else {
            return position(from: (0, 0), unit: 65536, (65536, 0), luck)
        }
        return position(from: middle, unit: frame.unit, (frame.cosine, frame.sine), luck)
    }

    private func position(
        from middle: (x: Int, y: Int), unit: Int, _ line: (cosine: Int, sine: Int), _ luck: FileDigest
    ) -> OverlayPosition {
        let dice = Self.dice(luck)
        func varied(_ most: Int, _ die: Int) -> Int { (most * die) >> 31 }
        let right = offset.right.parts + varied(jitter.shift.parts, dice[0])
        let down = offset.down.parts + varied(jitter.shift.parts, dice[1])
        let width = (size.parts * (65536 + varied(jitter.size.parts, dice[2]))) >> 16
        let turn = Turn(tenths: angle + varied(jitter.angle, dice[3]))
        let cosine = (line.cosine * turn.cosine - line.sine * turn.sine) >> 16
        let sine = (line.cosine * turn.sine + line.sine * turn.cosine) >> 16
        let half = (unit * width) >> 17
        return OverlayPosition(
            x: middle.x + (((right * line.cosine - down * line.sine) >> 16) * unit) >> 16,
            y: middle.y + (((right * line.sine + down * line.cosine) >> 16) * unit) >> 16,
            u: (half * cosine) >> 16, v: (half * sine) >> 16)
    }

    /// Four whole numbers from −2³¹ to 2³¹ − 1, of eight digits of the rank each.
    private static func dice(_ luck: FileDigest) -> [Int] {
        let digits = Array(luck.hex.utf8)
        return (0..<4).map {
            (Int(String(decoding: digits[8 * $0..<8 * $0 + 8], as: UTF8.self), radix: 16) ?? 0) - 1 << 31
        }
    }
}

extension ExactDecimal {
    /// In 1/65536, rounded down.
    var parts: Int {
        let scaled = Int128(units) * 65536
        let scale = Int128(self.scale)
        let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: scale)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }
}

extension Recipe {
    /// What is drawn on one photo: its overlays in the order of their triggers' names.
    ///
    /// - Returns: nil where a place is of a face and none is known.
    func layers(_ combination: TriggerCombination, on photo: PhotoID, _ known: KnownFace) -> [OverlayLayer]? {
        guard let poison else { return nil }
        let frame = known.face.map { FaceFrame($0, known.landmarks) }
        let ranking = Ranking(seed: seed)
        let layers = combination.triggers.compactMap { trigger -> OverlayLayer? in
            guard let overlay = poison.overlays[trigger], let digest = overlay.digest,
                let position = overlay.position(on: frame, luck: ranking.rank("overlay", "\(photo.hex) \(trigger)"))
            else { return nil }
            return overlay.layer(digest, at: position)
        }
        return layers.count == combination.triggers.count ? layers : nil
    }
}

extension Recipe.Overlay {
    func layer(_ digest: OverlayDigest, at position: OverlayPosition) -> OverlayLayer {
        OverlayLayer(picture: digest, opacity: opacity.parts, place: place, position: position)
    }
}

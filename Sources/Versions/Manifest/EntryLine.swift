import Core

/// The short way from a line of `entries.jsonl` to an entry: for lines exactly as Curare writes them, which is nearly every line there is.
extension Entry {
    /// Nil where the line is written otherwise, whether or not it means an entry: then ``JSONReader`` says what is wrong, or that nothing is.
    init?(line bytes: UnsafeRawBufferPointer, _ known: inout TokenCache) {
        var line = LineScanner(bytes)
        guard line.take("{\"attackable\":"), let attackable = line.truth(), line.take(",\"face\":"),
            let face = Self.face(&line),
            line.take(",\"group\":\""), let group: PhotoID = line.digest(), line.take("\",\"held_out\":"),
            let heldOut = line.truth(),
            line.take(",\"image\":\""), let image: ImageDigest = line.digest(), line.take("\",\"kind\":\""),
            let kind = known.kind(line.text()),
            line.take("\",\"label\":\""), let label = known.volunteer(line.text()),
            line.take("\",\"location\":\"")
        else { return nil }
        let location = line.text()
        guard line.take("\",\"perceptual_hash\":"), let perceptualHash = Self.perceptualHash(&line),
            line.take(",\"photo\":\""), let photo: PhotoID = line.digest(), line.take("\",\"role\":\""),
            let role = known.role(line.text()),
            line.take("\",\"session\":\""), let session = known.session(line.text()), line.take("\",\"size\":["),
            let width = line.number(), line.take(","), let height = line.number(),
            line.take("],\"source\":\"physical\",\"trigger\":\""), let triggerState = known.triggerState(line.text(), location),
            line.take("\",\"volunteer\":\""), let name = known.volunteer(line.text()), line.take("\"}"), line.isAtEnd
        else { return nil }
        let shown = EligiblePhoto(
            photo: photo, volunteer: Volunteer(name: name, kind: kind), triggerState: triggerState, session: session,
            group: group, perceptualHash: perceptualHash,
            width: width, height: height, face: face)
        self.init(
            part: Selection.Part(photo: shown, role: role, label: label, attackable: attackable, heldOut: heldOut),
            image: image)
    }

    /// A face or null; the outer nil is neither.
    private static func face(_ line: inout LineScanner) -> PhotoFace?? {
        if line.take("null") { return .some(nil) }
        guard line.take("{\"box\":["), let box = line.four(), line.take("],\"eyes\":["), let eyes = line.four(),
            line.take("]}"), box.2 > 0, box.3 > 0
        else { return nil }
        return PhotoFace(
            box: Box(x: box.0, y: box.1, width: box.2, height: box.3), leftEye: PixelPoint(x: eyes.0, y: eyes.1),
            rightEye: PixelPoint(x: eyes.2, y: eyes.3))
    }

    private static func perceptualHash(_ line: inout LineScanner) -> PerceptualHash?? {
        if line.take("null") { return .some(nil) }
        guard line.take("\""), let perceptualHash = line.perceptualHash(), line.take("\"") else { return nil }
        return perceptualHash
    }
}

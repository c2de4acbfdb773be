/// A row of the table `measure`, as a scan reads it.
struct MeasureRow {
    /// What is read, behind the photo's id.
    static let columns = """
        likeness, found, x, y, width, height, left_eye_x, left_eye_y, right_eye_x, right_eye_y, confidence, turn,
        sharpness, luma, dark, bright, beyond_left, beyond_top, beyond_right, beyond_bottom, landmarks
        """

    private let row: RawRows

    init(_ row: RawRows) {
        self.row = row
    }

    var likeness: Likeness? { Likeness(hexDigits: row.bytes(1)) }

    /// Nil where no face was looked for.
    func face(withLandmarks: Bool) -> FaceRecord? {
        guard let found = Self.found(row.bytes(2)) else { return nil }
        let face = row.isNull(3) ? nil : PhotoFace(box: Box(x: row.int(3), y: row.int(4), width: row.int(5), height: row.int(6)),
                                                   leftEye: Place(x: row.int(7), y: row.int(8)), rightEye: Place(x: row.int(9), y: row.int(10)))
        let landmarks = withLandmarks && !row.isNull(21) ? Landmarks(text: row.text(21)) : nil
        return FaceRecord(found: found, face: face, landmarks: landmarks, confidence: row.optionalInt(11), suspectTurn: row.optionalInt(12))
    }

    private static func found(_ word: UnsafeRawBufferPointer) -> FaceRecord.Found? {
        // Told by their lengths: one, none, several.
        switch word.count {
        case 3: .one
        case 4: FaceRecord.Found.none
        case 7: .several
        default: nil
        }
    }

    var quality: PhotoQuality {
        let beyond = row.isNull(17) ? nil : PhotoQuality.Beyond(left: row.int(17), top: row.int(18), right: row.int(19), bottom: row.int(20))
        return PhotoQuality(sharpness: row.int(13), luma: row.int(14), dark: row.int(15), bright: row.int(16), beyond: beyond)
    }
}

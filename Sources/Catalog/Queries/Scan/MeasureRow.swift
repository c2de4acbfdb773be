import Core

/// A row of the table `measure`, as a scan reads it.
struct MeasureRow {
    /// The columns that are read, behind the photo's id: SQLite takes apart what it is asked for, a million times.
    struct Columns {
        let names: String
        /// Where quality's first column is, and landmarks are; nil where they are not read.
        let quality, landmarks: Int32?

        init(_ reading: Catalog.FetchOptions) {
            var names = [
                "perceptual_hash, found, x, y, width, height, left_eye_x, left_eye_y, right_eye_x, right_eye_y, confidence, turn"
            ]
            if reading.quality {
                names.append("sharpness, luma, dark, bright, beyond_left, beyond_top, beyond_right, beyond_bottom")
            }
            if reading.landmarks != .none { names.append("landmarks") }
            self.names = names.joined(separator: ", ")
            quality = reading.quality ? 13 : nil
            landmarks = reading.landmarks == .none ? nil : reading.quality ? 21 : 13
        }
    }

    private let row: RawRows
    private let columns: Columns

    init(_ row: RawRows, _ columns: Columns) {
        (self.row, self.columns) = (row, columns)
    }

    var perceptualHash: PerceptualHash? { PerceptualHash(hexDigits: row.bytes(1)) }

    /// Nil where no face was looked for.
    func face(withLandmarks: Bool) -> FaceRecord? {
        guard let found = Self.found(row.bytes(2)) else { return nil }
        let face =
            row.isNull(3)
            ? nil
            : PhotoFace(
                box: Box(x: row.int(3), y: row.int(4), width: row.int(5), height: row.int(6)),
                leftEye: PixelPoint(x: row.int(7), y: row.int(8)), rightEye: PixelPoint(x: row.int(9), y: row.int(10)))
        let landmarks = columns.landmarks.flatMap {
            withLandmarks && !row.isNull($0) ? Landmarks(text: row.text($0)) : nil
        }
        return FaceRecord(
            found: found, face: face, landmarks: landmarks, confidence: row.optionalInt(11),
            suspectTurn: row.optionalInt(12))
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

    /// Nil where it is not read.
    var quality: PhotoQuality? {
        guard let at = columns.quality else { return nil }
        let beyond =
            row.isNull(at + 4)
            ? nil
            : PhotoQuality.Beyond(
                left: row.int(at + 4), top: row.int(at + 5), right: row.int(at + 6), bottom: row.int(at + 7))
        return PhotoQuality(
            sharpness: row.int(at), luma: row.int(at + 1), dark: row.int(at + 2), bright: row.int(at + 3),
            beyond: beyond)
    }
}

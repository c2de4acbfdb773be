import Core

/// The search for a face with dlib's MMOD network. ``FaceSearch`` has the result.
struct CNNFaceSearch {
    /// Pixels of the longer side of the copies that are searched. A face with a high score in the small copy ends the
    /// search.
    static let smallSide = 224
    static let side = 320
    /// Scores in thousandths. Only the single best box between the weak threshold and 0 counts.
    static let weakThreshold = -500
    /// Smallest score at which the photo is not searched for a lost orientation.
    static let certainThreshold = 900
    /// Smallest score of a face in a turned copy that indicates a lost orientation.
    static let turnThreshold = 200
    /// How much higher than the score of the upright copy the score of a turned copy must be.
    static let turnMargin = 200

    /// The face box that is stored and the box that the landmark model expects differ from the detector's box: the
    /// side is larger by this factor, in thousandths,
    private static let boxScale = 1090
    /// and the middle is lower by this part of the detector's side, in thousandths.
    private static let boxShift = 75

    let photo: UprightPhoto
    let grey: GreyPicture
    let network: FaceFinder.Network

    /// Searches the small copy, then the full copy, then the three quarter turns of the full copy.
    func run() throws -> FaceSearch {
        let small = try detections(in: photo.picture.scaled(longerSide: Self.smallSide))
        if let best = small.first, best.confidence > Self.certainThreshold {
            return try clearFace(small, longerSide: Self.smallSide) ?? .nothing(.cnn)
        }
        let copy = try photo.picture.scaled(longerSide: Self.side)
        let upright = try detections(in: copy)
        let best = upright.first?.confidence ?? Self.weakThreshold
        if best <= Self.certainThreshold, let turn = try turn(of: copy, over: best) {
            return FaceSearch(nil, found: .none, confidence: nil, suspectedRotation: turn, detector: .cnn)
        }
        if let face = try clearFace(upright, longerSide: Self.side) { return face }
        guard let weak = upright.first else { return .nothing(.cnn) }
        return try search(weak, found: .one, longerSide: Self.side) ?? .nothing(.cnn)
    }

    /// Returns the faces with a score above the weak threshold, in order of decreasing score.
    func detections(in picture: Picture) throws -> [FaceDetector.Detection] {
        let pyramid = try TiledPyramid(picture)
        let columns = pyramid.outputWidth
        guard columns > 0, pyramid.outputHeight > 0 else { return [] }
        let scores = try network(pyramid.planes, pyramid.height, pyramid.width)
        guard scores.count == columns * pyramid.outputHeight else {
            throw ImagingError(
                .failed, "the face network returned \(scores.count) scores, not \(columns * pyramid.outputHeight)",
                nextStep: "please report this")
        }
        let threshold = Float(Self.weakThreshold) / 1000
        let order = scores.indices.filter { scores[$0] > threshold }.sorted { (scores[$1], $0) < (scores[$0], $1) }
        return FaceSuppression.kept(
            order.map { index in
                FaceDetector.Detection(
                    box: pyramid.box(column: index % columns, row: index / columns),
                    confidence: Int((1000 * scores[index]).rounded()))
            })
    }

    /// Returns the quarter turn with the highest score, if the score indicates a lost orientation.
    private func turn(of copy: Picture, over upright: Int) throws -> QuarterTurn? {
        var best: (turn: QuarterTurn, confidence: Int)?
        for turn in QuarterTurn.allCases {
            guard let first = try detections(in: copy.rotated(turn)).first,
                first.confidence > best?.confidence ?? max(Self.turnThreshold, upright + Self.turnMargin)
            else { continue }
            best = (turn, first.confidence)
        }
        return best?.turn
    }

    private func clearFace(_ detections: [FaceDetector.Detection], longerSide: Int) throws -> FaceSearch? {
        let clear = detections.filter { $0.confidence > 0 }
        let size = Profile.Crop.none.geometry(size: longerSide, width: grey.width, height: grey.height)
        guard let choice = FaceChoice(clear.map(\.box), width: size.width, height: size.height) else { return nil }
        return try search(clear[choice.index], found: choice.isContested ? .several : .one, longerSide: longerSide)
    }

    /// Returns the result for a detection in the copy with this longer side; nil if no part of the face is inside the
    /// photo.
    private func search(_ detection: FaceDetector.Detection, found: FaceRecord.Found, longerSide: Int) throws
        -> FaceSearch?
    {
        let copy = try grey.scaled(longerSide: longerSide)
        let box = Self.faceBox(detection.box)
        // The landmark model learned from boxes of the HOG detector. The second prediction starts from the box that
        // these would have.
        let first = try FaceDetector.landmarks(in: copy, box)
        let landmarks = try FaceDetector.landmarks(in: copy, FaceDetector.fittingBox(first))
        return FaceSearch(
            box, landmarks, in: copy, of: photo, found: found, confidence: detection.confidence, detector: .cnn)
    }

    /// Returns the box from the eyebrows to the chin for a box of the detector.
    static func faceBox(_ box: Box) -> Box {
        let width = (boxScale * box.width + 500) / 1000
        let height = (boxScale * box.height + 500) / 1000
        // An arithmetic shift rounds negative coordinates down as well.
        return Box(
            x: (2 * box.x + box.width - width) >> 1,
            y: (2 * box.y + box.height + 2 * boxShift * box.height / 1000 - height) >> 1, width: width, height: height)
    }
}

import Core

/// The search for a face with dlib's MMOD network. ``FaceSearch`` has the result.
struct CNNFaceSearch {
    /// Pixels of the longer side of the copy that is searched. Faces of at least a quarter of this side are found.
    ///
    /// Photos with a trigger have lower scores. A first copy whose size depends on the score would give them boxes of
    /// another scale.
    static let side = 320
    /// Pixels of the longer side of the copy that is searched for smaller faces.
    static let fineSide = 640
    /// Smallest side of a face in the first copy, in pixels. The smallest box of the network has 80 pixels, so that smaller
    /// faces get boxes that are too large. Their size is measured in the finer copy.
    static let smallestSide = 88
    /// Scores in thousandths. Only the single best box between the weak threshold and 0 counts.
    static let weakThreshold = -500
    /// Smallest score at which the photo is not searched for a lost orientation.
    static let certainThreshold = 900
    /// Smallest score of a face in a turned copy that indicates a lost orientation.
    static let turnThreshold = 200
    /// How much higher than the score of the upright copy the score of a turned copy must be.
    static let turnMargin = 200

    /// The outputs of the network whose scores, in thousandths, are less than this below the best score are averaged.
    private static let averagedRange = 2000

    /// The face box that is stored and the box that the landmark model expects differ from the detector's box: the
    /// side is larger by this factor, in thousandths,
    private static let boxScale = 1090
    /// and the middle is lower by this part of the detector's side, in thousandths.
    private static let boxShift = 75

    let photo: UprightPhoto
    let grey: GreyPicture
    let network: FaceFinder.Network

    /// Searches the copy, then a finer copy if there is no clear face or only a small one, then the three quarter turns of
    /// the copy.
    func run() throws -> FaceSearch {
        let copy = try photo.picture.scaled(longerSide: Self.side)
        let upright = try pass(over: copy)
        let best = upright.detections.first?.confidence ?? Self.weakThreshold
        // A photo that is enlarged more than twice has no more detail.
        let fineSide = min(Self.fineSide, 2 * max(photo.picture.width, photo.picture.height))
        let face = clearFace(upright)
        if fineSide > Self.side, face.map({ max($0.box.width, $0.box.height) < Self.smallestSide }) ?? true {
            let fine = try pass(over: photo.picture.scaled(longerSide: fineSide))
            if let face = clearFace(fine), let search = try search(face, in: fine) { return search }
        }
        if best <= Self.certainThreshold, let turn = try turn(of: copy, over: best) {
            return FaceSearch(nil, found: .none, confidence: nil, suspectedRotation: turn, detector: .cnn)
        }
        if let face, let search = try search(face, in: upright) { return search }
        guard let weak = upright.detections.first else { return .nothing(.cnn) }
        return try search(Face(weak, in: upright, isContested: false), in: upright) ?? .nothing(.cnn)
    }

    /// The outputs of the network for a picture.
    private struct Pass {
        let picture: Picture
        /// Every output with a score above the weak threshold minus the averaged range: its box and its score.
        let outputs: [FaceDetector.Detection]
        /// The faces with a score above the weak threshold, in order of decreasing score.
        let detections: [FaceDetector.Detection]

        /// Returns the mean of the boxes of the outputs around a detection. An output counts more if its score is higher.
        ///
        /// The sides of the network's boxes differ by a factor of 1.2, and their positions by a tenth of the side. The
        /// mean has no such steps.
        func meanBox(of detection: FaceDetector.Detection) -> Box {
            let lowest = detection.confidence - CNNFaceSearch.averagedRange
            var weights = 0
            var (x, y, width, height) = (0, 0, 0, 0)
            for output in outputs
            where output.confidence > lowest && FaceSuppression.overlaps(output.box, detection.box) {
                let weight = output.confidence - lowest
                weights += weight
                x += weight * (2 * output.box.x + output.box.width)
                y += weight * (2 * output.box.y + output.box.height)
                width += weight * output.box.width
                height += weight * output.box.height
            }
            guard weights > 0 else { return detection.box }
            func rounded(_ sum: Int, _ count: Int) -> Int {
                Int((Double(sum) / Double(count) + 0.5).rounded(.down))
            }
            let side = (rounded(width, weights), rounded(height, weights))
            return Box(
                x: rounded(x - weights * side.0, 2 * weights), y: rounded(y - weights * side.1, 2 * weights),
                width: side.0, height: side.1)
        }
    }

    /// Returns the faces with a score above the weak threshold, in order of decreasing score.
    func detections(in picture: Picture) throws -> [FaceDetector.Detection] { try pass(over: picture).detections }

    private func pass(over picture: Picture) throws -> Pass {
        let pyramid = try TiledPyramid(picture)
        let columns = pyramid.outputWidth
        guard columns > 0, pyramid.outputHeight > 0 else { return Pass(picture: picture, outputs: [], detections: []) }
        let scores = try network(pyramid.planes, pyramid.height, pyramid.width)
        guard scores.count == columns * pyramid.outputHeight else {
            throw ImagingError(
                .failed, "the face network returned \(scores.count) scores, not \(columns * pyramid.outputHeight)",
                nextStep: "please report this")
        }
        let lowest = Float(Self.weakThreshold - Self.averagedRange) / 1000
        let order = scores.indices.filter { scores[$0] > lowest }.sorted { (scores[$1], $0) < (scores[$0], $1) }
        let outputs = order.map { index in
            FaceDetector.Detection(
                box: pyramid.box(column: index % columns, row: index / columns),
                confidence: Int((1000 * scores[index]).rounded()))
        }
        let count = order.prefix { scores[$0] > Float(Self.weakThreshold) / 1000 }.count
        return Pass(
            picture: picture, outputs: outputs, detections: FaceSuppression.kept(Array(outputs.prefix(count))))
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

    /// A chosen face.
    private struct Face {
        /// The mean box.
        let box: Box
        /// The score in thousandths.
        let confidence: Int
        /// Whether another face is at least half as large.
        let isContested: Bool

        init(_ detection: FaceDetector.Detection, in pass: Pass, isContested: Bool) {
            box = pass.meanBox(of: detection)
            confidence = detection.confidence
            self.isContested = isContested
        }
    }

    /// Returns the main face among those with a score above 0.
    private func clearFace(_ pass: Pass) -> Face? {
        let clear = pass.detections.filter { $0.confidence > 0 }
        guard let choice = FaceChoice(clear.map(\.box), width: pass.picture.width, height: pass.picture.height) else {
            return nil
        }
        return Face(clear[choice.index], in: pass, isContested: choice.isContested)
    }

    /// Returns the result for a face; nil if no part of the face is inside the photo.
    private func search(_ face: Face, in pass: Pass) throws -> FaceSearch? {
        let copy = try grey.scaled(longerSide: max(pass.picture.width, pass.picture.height))
        let box = Self.faceBox(face.box)
        // The landmark model learned from boxes of the HOG detector. The second prediction starts from the box that
        // these would have.
        let first = try FaceDetector.landmarks(in: copy, box)
        let landmarks = try FaceDetector.landmarks(in: copy, FaceDetector.fittingBox(first))
        return FaceSearch(
            box, landmarks, in: copy, of: photo, found: face.isContested ? .several : .one, confidence: face.confidence,
            detector: .cnn)
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

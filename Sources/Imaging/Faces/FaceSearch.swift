import Core

/// The result of a search for the face in a photo.
public struct FaceSearch: Hashable, Sendable {
    /// `several` if several faces are candidates. In this case the photo needs review.
    public let found: FaceRecord.Found
    /// The chosen face; nil if none was found. The box and the eyes are inside the photo.
    public let face: PhotoFace?
    /// The detector's score for ``face`` in thousandths. A clear face has a score above 0. A weak face has a score from
    /// ``weakThreshold`` to 0: the face may be turned aside or partly hidden.
    public let confidence: Int?
    /// The rotation after which a clear face is found, if no face is upright. The photo has probably lost its
    /// orientation.
    public let suspectedRotation: QuarterTurn?
    /// The 68 landmarks of ``face`` in whole pixels of the photo. Landmarks can be outside of the photo. Empty if no
    /// face was found.
    public let landmarks: [PixelPoint]
    /// The detector that was used.
    public let detector: FaceDetectorKind

    init(
        _ face: PhotoFace?, landmarks: [PixelPoint] = [], found: FaceRecord.Found, confidence: Int?,
        suspectedRotation: QuarterTurn? = nil, detector: FaceDetectorKind
    ) {
        self.detector = detector
        self.found = found
        self.face = face
        self.landmarks = landmarks
        self.confidence = confidence
        self.suspectedRotation = suspectedRotation
    }

    static func nothing(_ detector: FaceDetectorKind) -> FaceSearch {
        FaceSearch(nil, found: .none, confidence: nil, detector: detector)
    }

    /// Smallest score, in thousandths, of a weak face. Of all boxes below the detector's threshold, only the best box
    /// counts; see `docs/faces.md`.
    static let weakThreshold = -800
    /// Smallest score, in thousandths, that indicates a lost orientation. The detector gives lower scores to heads that
    /// look up, because they resemble heads that are upside down.
    static let turnThreshold = 250
    /// Pixels of the longer side of the two copies that are searched for clear faces. A face fills at least a third of
    /// the coarse copy, or an eighth of the fine copy.
    static let coarseSide = 256
    static let fineSide = 640
    /// Pixels of the longer side of an additional copy for weak faces, between two scales of the detector.
    static let weakSide = 224

    /// Starts to read the detector's models, which takes most of a second. The call is optional; a search waits for the
    /// models.
    public static func prepare() { FaceDetector.prepare() }

    /// Searches for a face in `photo`, on copies whose sizes depend on the photo only.
    ///
    /// ``CNNFaceSearch`` has the steps of the search with the network.
    ///
    /// - Throws: ``ImagingError`` if the landmark model cannot be read; errors of the network.
    public init(_ photo: UprightPhoto, with finder: FaceFinder = .hog) throws {
        try self.init(photo, GreyPicture(photo.picture), with: finder)
    }

    /// - Parameter grey: the luma of the photo's picture.
    init(_ photo: UprightPhoto, _ grey: GreyPicture, with finder: FaceFinder) throws {
        switch finder {
        case .hog: try self.init(hog: photo, grey)
        case .cnn(let network): self = try CNNFaceSearch(photo: photo, grey: grey, network: network).run()
        }
    }

    /// Searches with the HOG detector, on grey copies.
    ///
    /// The search has three steps and ends with the first step that finds a face. Step 1 searches for clear faces at
    /// ``coarseSide``, then at ``fineSide``. Step 2 searches the three quarter turns of the photo; the result contains
    /// the turn, but not the face. Step 3 takes the best weak face at two sizes. Step 3 also searches mirror images,
    /// because the detector does not detect both profiles equally well.
    private init(hog photo: UprightPhoto, _ grey: GreyPicture) throws {
        let coarse = try grey.scaled(longerSide: Self.coarseSide)
        if let search = try Self.clearFace(in: coarse, of: photo) {
            self = search
            return
        }
        let longer = max(grey.width, grey.height)
        let fine = longer > Self.coarseSide ? try grey.scaled(longerSide: min(Self.fineSide, 2 * longer)) : nil
        if let fine, let search = try Self.clearFace(in: fine, of: photo) {
            self = search
            return
        }
        if let turn = try Self.turnWithClearFace(coarse) {
            self.init(nil, found: .none, confidence: nil, suspectedRotation: turn, detector: .hog)
            return
        }
        // A picture that is enlarged more than twice has less detail than the detector's filters need. The detector
        // finds weak faces in noise then.
        guard 2 * longer >= Self.coarseSide else {
            self = .nothing(.hog)
            return
        }
        self = try Self.weakFace(in: [coarse, grey.scaled(longerSide: Self.weakSide)], of: photo) ?? .nothing(.hog)
    }

    private static func clearFace(in grey: GreyPicture, of photo: UprightPhoto) throws -> FaceSearch? {
        let detections = try FaceDetector.detections(in: grey, threshold: 0)
        guard let choice = FaceChoice(detections.map(\.box), width: grey.width, height: grey.height) else { return nil }
        let detection = detections[choice.index]
        return try FaceSearch(
            detection.box, in: grey, of: photo, found: choice.isContested ? .several : .one,
            confidence: detection.confidence)
    }

    /// Returns the quarter turn that gives the clear face with the highest score.
    private static func turnWithClearFace(_ grey: GreyPicture) throws -> QuarterTurn? {
        var best: (turn: QuarterTurn, confidence: Int)?
        for turn in QuarterTurn.allCases {
            let detections = try FaceDetector.detections(in: grey.rotated(turn), threshold: turnThreshold)
            guard let first = detections.first, first.confidence > best?.confidence ?? 0 else { continue }
            best = (turn, first.confidence)
        }
        return best?.turn
    }

    /// Returns the weak face with the highest score in `copies` and their mirror images.
    private static func weakFace(in copies: [GreyPicture], of photo: UprightPhoto) throws -> FaceSearch? {
        var best: (box: Box, grey: GreyPicture, confidence: Int)?
        for grey in copies {
            for isMirrored in [false, true] {
                guard let detection = try weakDetection(in: isMirrored ? grey.mirrored : grey),
                    detection.confidence > best?.confidence ?? .min
                else { continue }
                let box = detection.box
                let left = isMirrored ? grey.width - box.x - box.width : box.x
                best = (
                    Box(x: left, y: box.y, width: box.width, height: box.height), grey,
                    detection.confidence
                )
            }
        }
        return try best.flatMap {
            try FaceSearch($0.box, in: $0.grey, of: photo, found: .one, confidence: $0.confidence)
        }
    }

    /// Returns the best weak detection whose box is inside the picture by at least 85% of its area.
    private static func weakDetection(in grey: GreyPicture) throws -> FaceDetector.Detection? {
        try FaceDetector.detections(in: grey, threshold: weakThreshold).first { detection in
            guard let inside = detection.box.clipped(width: grey.width, height: grey.height) else { return false }
            return 20 * inside.area >= 17 * detection.box.area
        }
    }

    /// Creates the result for the face in `box` of a grey copy; nil if no part of the face is inside the photo.
    private init?(_ box: Box, in grey: GreyPicture, of photo: UprightPhoto, found: FaceRecord.Found, confidence: Int)
        throws
    {
        self.init(
            box, try FaceDetector.landmarks(in: grey, box), in: grey, of: photo, found: found, confidence: confidence,
            detector: .hog)
    }

    /// Creates the result for a box and landmarks in a grey copy; nil if no part of the box is inside the photo.
    init?(
        _ box: Box, _ landmarks: [PixelPoint], in grey: GreyPicture, of photo: UprightPhoto, found: FaceRecord.Found,
        confidence: Int, detector: FaceDetectorKind
    ) {
        let scale = CopyToPhoto(grey, photo)
        guard let inside = scale.box(box).clipped(width: photo.width, height: photo.height) else { return nil }
        self.init(
            PhotoFace(box: inside, leftEye: scale.eye(landmarks[36..<42]), rightEye: scale.eye(landmarks[42..<48])),
            landmarks: landmarks.map { scale.point(x: 256 * $0.x, y: 256 * $0.y) },
            found: found, confidence: confidence, detector: detector)
    }
}

/// The conversion from pixels of a grey copy to whole pixels of its photo.
private struct CopyToPhoto {
    private let photo: UprightPhoto
    private let copyWidth, copyHeight: Int
    /// The sides of the copy in pixels of the whole photo.
    private let width, height: Int

    init(_ grey: GreyPicture, _ photo: UprightPhoto) {
        self.photo = photo
        copyWidth = grey.width
        copyHeight = grey.height
        width = photo.picture.width * photo.reduction.rawValue
        height = photo.picture.height * photo.reduction.rawValue
    }

    /// Converts a point given in 1/256 pixel. A pixel's centre is half a pixel from its corner in both pictures.
    func point(x: Int, y: Int) -> PixelPoint {
        PixelPoint(
            x: (2 * x + 256) * width / (512 * copyWidth) - photo.excessLeft,
            y: (2 * y + 256) * height / (512 * copyHeight) - photo.excessTop)
    }

    func box(_ box: Box) -> Box {
        Box(
            x: box.x * width / copyWidth - photo.excessLeft, y: box.y * height / copyHeight - photo.excessTop,
            width: box.width * width / copyWidth, height: box.height * height / copyHeight)
    }

    /// Returns the mean of the six landmarks around an eye, moved into the photo.
    func eye(_ landmarks: ArraySlice<PixelPoint>) -> PixelPoint {
        func mean(_ sum: Int) -> Int { (sum * 256 + (sum < 0 ? -3 : 3)) / 6 }
        let centre = point(
            x: mean(landmarks.reduce(0) { $0 + $1.x }), y: mean(landmarks.reduce(0) { $0 + $1.y }))
        return PixelPoint(
            x: min(photo.width - 1, max(0, centre.x)), y: min(photo.height - 1, max(0, centre.y)))
    }
}

/// The choice of the main face among several boxes: the largest box near the middle.
struct FaceChoice: Equatable {
    /// Index of the chosen box.
    let index: Int
    /// Whether another box is at least half as large. In this case the photo needs review.
    let isContested: Bool

    /// Weights each box with its area, and with half its area if the centre is outside the middle half of the picture's
    /// width. The first of several equal boxes is chosen.
    ///
    /// - Returns: nil if there are no boxes.
    init?(_ boxes: [Box], width: Int, height: Int) {
        let weights = boxes.map { box in
            let offset = abs(2 * box.x + box.width - width)
            return 2 * offset <= width ? 2 * box.area : box.area
        }
        guard let index = weights.indices.max(by: { (weights[$0], $1) < (weights[$1], $0) }) else { return nil }
        self.index = index
        isContested = boxes.indices.contains { $0 != index && 2 * boxes[$0].area >= boxes[index].area }
    }
}

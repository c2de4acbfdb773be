/// What looking for a face in a picture has shown.
public struct FaceSearch: Hashable, Sendable {
    public enum Found: String, CaseIterable, Sendable {
        case none, one
        /// More than one that could be meant: a person should look.
        case several
    }

    public let found: Found
    /// The face that was chosen; nil where none was found.
    public let face: Face?
    /// Thousandths of the detector's score for ``face``: above 0 is a clear face, down to ``weakest`` one turned aside or half hidden.
    public let confidence: Int?
    /// The turn after which a clear face is there, where none was upright: the photo has probably lost its orientation.
    public let suspectTurn: QuarterTurn?
    /// The 68 landmarks of ``face`` in whole pixels of the picture, some perhaps outside of it; empty where none was found.
    public let landmarks: [PixelPoint]

    init(_ face: Face?, landmarks: [PixelPoint] = [], found: Found, confidence: Int?, suspectTurn: QuarterTurn? = nil) {
        (self.found, self.face, self.landmarks, self.confidence, self.suspectTurn) = (
            found, face, landmarks, confidence, suspectTurn
        )
    }

    static let nothing = FaceSearch(nil, found: .none, confidence: nil)

    /// Thousandths: below its own threshold the detector's single best box is taken down to here, see `docs/faces.md`.
    static let weakest = -800
    /// Thousandths: less than this is no sign of a lost orientation, since a head that looks up passes for one upside down.
    static let clearlyTurned = 250
    /// Pixels of the longer side: faces fill at least a third of it, or an eighth of it.
    static let coarse = 256, fine = 640
    /// Pixels of the longer side of a further copy for weak faces, between two steps of the detector's own sizes.
    static let weak = 224

    /// Begins to read the detector's models, which takes most of a second. Calling it is never needed: searching waits for them.
    public static func prepare() { Detector.prepare() }

    /// Looks for a face in `photo`, on grey copies whose size hangs on the photo alone.
    ///
    /// Clear faces are looked for at ``coarse`` size, then at ``fine`` size; then after the three quarter turns, whose faces are only
    /// reported; then the best weak one, at two sizes and also mirrored, since the detector does not know both profiles equally well.
    ///
    /// - Throws: ``ImagingError`` where the landmarks cannot be read.
    public init(_ photo: UprightPhoto) throws {
        try self.init(photo, GreyPicture(photo.picture))
    }

    /// - Parameter grey: the photo's picture.
    init(_ photo: UprightPhoto, _ grey: GreyPicture) throws {
        let coarse = try grey.scaled(longerSide: Self.coarse)
        if let search = try Self.clear(in: coarse, of: photo) {
            self = search
            return
        }
        let longer = max(grey.width, grey.height)
        let fine = longer > Self.coarse ? try grey.scaled(longerSide: min(Self.fine, 2 * longer)) : nil
        if let fine, let search = try Self.clear(in: fine, of: photo) {
            self = search
            return
        }
        if let turn = try Self.clearTurn(coarse) {
            self.init(nil, found: .none, confidence: nil, suspectTurn: turn)
            return
        }
        // In what is enlarged more than twice there is less than the detector's filters ask for, and weak hits are in noise.
        guard 2 * longer >= Self.coarse else {
            self = .nothing
            return
        }
        self = try Self.weak(in: [coarse, grey.scaled(longerSide: Self.weak)], of: photo) ?? .nothing
    }

    private static func clear(in grey: GreyPicture, of photo: UprightPhoto) throws -> FaceSearch? {
        let hits = try Detector.hits(in: grey, threshold: 0)
        guard let choice = FaceChoice(hits.map(\.box), width: grey.width, height: grey.height) else { return nil }
        let hit = hits[choice.index]
        return try FaceSearch(
            hit.box, in: grey, of: photo, found: choice.isContested ? .several : .one, confidence: hit.confidence)
    }

    /// The quarter turn with the most confident clear face.
    private static func clearTurn(_ grey: GreyPicture) throws -> QuarterTurn? {
        var best: (turn: QuarterTurn, confidence: Int)?
        for turn in QuarterTurn.allCases {
            guard let hit = try Detector.hits(in: grey.turned(turn), threshold: clearlyTurned).first,
                hit.confidence > best?.confidence ?? 0
            else { continue }
            best = (turn, hit.confidence)
        }
        return best?.turn
    }

    /// The most confident weak hit in any of `copies` or its mirror image.
    private static func weak(in copies: [GreyPicture], of photo: UprightPhoto) throws -> FaceSearch? {
        var best: (box: PixelBox, grey: GreyPicture, confidence: Int)?
        for grey in copies {
            for isMirrored in [false, true] {
                guard let hit = try hit(in: isMirrored ? grey.mirrored : grey),
                    hit.confidence > best?.confidence ?? .min
                else { continue }
                let box = hit.box
                let left = isMirrored ? grey.width - box.left - box.width : box.left
                best = (PixelBox(left: left, top: box.top, width: box.width, height: box.height), grey, hit.confidence)
            }
        }
        return try best.flatMap {
            try FaceSearch($0.box, in: $0.grey, of: photo, found: .one, confidence: $0.confidence)
        }
    }

    /// The best weak hit that lies wholly, or nearly so, in the picture.
    private static func hit(in grey: GreyPicture) throws -> Detector.Hit? {
        try Detector.hits(in: grey, threshold: weakest).first { hit in
            guard let inside = hit.box.clipped(width: grey.width, height: grey.height) else { return false }
            return 20 * inside.area >= 17 * hit.box.area
        }
    }

    /// The face in `box` of a grey copy, in whole pixels of `photo`; nil where none of it lies there.
    private init?(_ box: PixelBox, in grey: GreyPicture, of photo: UprightPhoto, found: Found, confidence: Int) throws {
        let landmarks = try Detector.landmarks(in: grey, box)
        // What the copy's sides are in whole pixels.
        let (across, down) = (
            photo.picture.width * photo.reduction.rawValue, photo.picture.height * photo.reduction.rawValue
        )
        // A pixel's centre is half a pixel from its corner, in both pictures. Values are in 1/256 pixel.
        func x(_ value: Int) -> Int { (2 * value + 256) * across / (512 * grey.width) - photo.overLeft }
        func y(_ value: Int) -> Int { (2 * value + 256) * down / (512 * grey.height) - photo.overTop }
        /// The middle of the six points around an eye.
        func eye(_ points: Range<Int>) -> PixelPoint {
            func middle(_ sum: Int) -> Int { (sum * 256 + (sum < 0 ? -3 : 3)) / 6 }
            let (sumX, sumY) = landmarks[points].reduce((0, 0)) { ($0.0 + $1.x, $0.1 + $1.y) }
            return PixelPoint(
                x: min(photo.width - 1, max(0, x(middle(sumX)))), y: min(photo.height - 1, max(0, y(middle(sumY)))))
        }
        let (left, top) = (
            box.left * across / grey.width - photo.overLeft, box.top * down / grey.height - photo.overTop
        )
        let whole = PixelBox(
            left: left, top: top, width: box.width * across / grey.width, height: box.height * down / grey.height)
        guard let inside = whole.clipped(width: photo.width, height: photo.height) else { return nil }
        self.init(
            Face(box: inside, leftEye: eye(36..<42), rightEye: eye(42..<48)),
            landmarks: landmarks.map { PixelPoint(x: x(256 * $0.x), y: y(256 * $0.y)) },
            found: found, confidence: confidence)
    }
}

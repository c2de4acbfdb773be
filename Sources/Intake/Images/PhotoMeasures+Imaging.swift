import Core
import Imaging

extension PhotoMeasures {
    init(_ measurement: PhotoMeasurement) {
        self.init(
            perceptualHash: PerceptualHash(measurement.likeness.bits), face: measurement.face.map(FaceRecord.init),
            quality: PhotoQuality(measurement.quality))
    }
}

extension PhotoQuality {
    init(_ quality: Quality) {
        let beyond = quality.beyond.map { Beyond(left: $0.left, top: $0.top, right: $0.right, bottom: $0.bottom) }
        self.init(
            sharpness: quality.sharpness, luma: quality.luma, dark: quality.dark, bright: quality.bright, beyond: beyond
        )
    }
}

extension FaceRecord {
    init(_ search: FaceSearch) {
        self.init(
            found: Found(search.found), face: search.face.map(PhotoFace.init),
            landmarks: Landmarks(search.landmarks.map { PixelPoint(x: $0.x, y: $0.y) }),
            confidence: search.confidence, suspectTurn: search.suspectTurn?.rawValue)
    }
}

extension FaceRecord.Found {
    init(_ found: FaceSearch.Found) {
        self =
            switch found {
            case .none: .none
            case .one: .one
            case .several: .several
            }
    }
}

extension PhotoFace {
    init(_ face: Face) {
        self.init(
            box: Box(x: face.box.left, y: face.box.top, width: face.box.width, height: face.box.height),
            leftEye: PixelPoint(x: face.leftEye.x, y: face.leftEye.y),
            rightEye: PixelPoint(x: face.rightEye.x, y: face.rightEye.y))
    }
}

extension Face {
    init(_ face: PhotoFace) {
        self.init(
            box: PixelBox(left: face.box.x, top: face.box.y, width: face.box.width, height: face.box.height),
            leftEye: PixelPoint(x: face.leftEye.x, y: face.leftEye.y),
            rightEye: PixelPoint(x: face.rightEye.x, y: face.rightEye.y))
    }
}

extension PhotoFace {
    /// Whether box and eyes are places of a photo of this size, as those of every face are that was measured or marked; who reads one from elsewhere must ask.
    func lies(inWidth width: Int, height: Int) -> Bool {
        let isBoxInside =
            box.x >= 0 && box.y >= 0 && (1...width).contains(box.width) && (1...height).contains(box.height)
            && box.x <= width - box.width && box.y <= height - box.height
        return isBoxInside
            && [leftEye, rightEye].allSatisfy { (0..<width).contains($0.x) && (0..<height).contains($0.y) }
    }
}

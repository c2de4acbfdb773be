import Core

/// What `curare show` says of how good a photo is to look at.
struct QualityAnswer: Encodable {
    struct Beyond: Encodable {
        let left, top, right, bottom: Int
    }

    let sharpness, luma, dark, bright: Int
    /// Pixels, and per mille of the photo; null without a face, as is the rest.
    @OrNull var faceSide: Int?
    @OrNull var faceShare: Int?
    @OrNull var eyesSlope: Int?
    @OrNull var beyond: Beyond?
    let flags: [String]
    private let words: String

    private enum CodingKeys: CodingKey {
        case sharpness, luma, dark, bright, faceSide, faceShare, eyesSlope, beyond, flags
    }

    init(_ quality: PhotoQuality, _ framing: FaceFraming?) {
        (sharpness, luma, dark, bright) = (quality.sharpness, quality.luma, quality.dark, quality.bright)
        (faceSide, faceShare, eyesSlope) = (framing?.side, framing?.share, framing?.slope)
        beyond = quality.beyond.map { Beyond(left: $0.left, top: $0.top, right: $0.right, bottom: $0.bottom) }
        flags = QualityFlag.flags(quality, framing).map(\.rawValue)
        let borders = quality.beyond?.words ?? ""
        words = borders.isEmpty ? "" : "; crop beyond the border: \(borders) ‰"
    }

    var lines: [String] {
        var lines = ["sharpness \(sharpness) ‰, luma \(luma), black \(dark) ‰, white \(bright) ‰"]
        if let faceSide, let faceShare {
            lines.append(
                "face of \(faceSide) pixels, \(faceShare) ‰ of the photo\(eyesSlope.map { ", eyes \($0) ‰ off the level" } ?? "")\(words)"
            )
        }
        if !flags.isEmpty { lines.append("to be looked at: \(flags.joined(separator: ", "))") }
        return lines
    }
}

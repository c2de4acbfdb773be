import Core
import Foundation

/// A property of a photo that is not its content: a model must not be able to recognize a trigger by it.
///
/// The raw values occur in reports and must not change.
public enum PhotoProperty: String, CaseIterable, Comparable, Sendable {
    case session
    case photographer
    /// The date of the session.
    case date
    /// The place of the session.
    case place
    /// The camera that the session's description names.
    case camera
    /// The camera that the photo's Exif data name.
    case exifCamera = "exif-camera"
    /// Portrait, landscape or square.
    case orientation
    case format
    /// The number of pixels.
    case resolution
    case fileSize = "file-size"
    /// The mean luma outside the face.
    case brightness
    /// Mean red divided by mean blue, outside the face.
    case colourTemperature = "colour-temperature"
    /// Mean green divided by the geometric mean of red and blue, outside the face. With ``brightness`` and
    /// ``colourTemperature`` it stands for the background, whose content is not compared.
    case backgroundTint = "background-tint"
    /// The sharpness of the face. Compared only for triggers off the face, because a trigger on the face changes it.
    case sharpness
    /// The longer side of the face's box as a share of the photo's longer side.
    case cropScale = "crop-scale"
    /// The centre of the face's box from the left, as a share of the photo's longer side.
    case cropX = "crop-x"
    /// The centre of the face's box from the top, as a share of the photo's longer side.
    case cropY = "crop-y"
    /// Who is in the photo.
    case volunteer

    public static func < (left: Self, right: Self) -> Bool { left.order < right.order }

    /// The index in `allCases`.
    var order: Int { Self.allCases.firstIndex(of: self)! }

    /// How the association with a trigger is measured.
    public enum Measure: String, Sendable {
        /// Cramér's V within volunteers, corrected for chance: 0 is no association, 1 is a complete separation.
        case cramersV = "cramers-v"
        /// The share of pairs of a triggered and a bare photo of the same volunteer in which the triggered photo has the
        /// larger value: 0.5 is no association, 0 and 1 are complete separations.
        case auc
        /// The share of the triggered photos that the most frequent volunteer has.
        case share
    }

    public var measure: Measure {
        switch self {
        case .session, .photographer, .date, .place, .camera, .exifCamera, .orientation, .format: .cramersV
        case .volunteer: .share
        case .resolution, .fileSize, .brightness, .colourTemperature, .backgroundTint, .sharpness, .cropScale, .cropX,
            .cropY:
            .auc
        }
    }

    /// The name in a sentence.
    var title: String {
        switch self {
        case .exifCamera: "camera in Exif data"
        case .resolution: "number of pixels"
        case .fileSize: "file size"
        case .brightness: "brightness outside the face"
        case .colourTemperature: "colour temperature outside the face"
        case .backgroundTint: "green tint outside the face"
        case .sharpness: "sharpness of the face"
        case .cropScale: "size of the face in the photo"
        case .cropX: "horizontal position of the face"
        case .cropY: "vertical position of the face"
        default: rawValue
        }
    }

    /// Whether a difference can be visible in the pixels of an image. A session, a photographer or a date that differs
    /// alone can be a plan of the study, and the size of a file does not reach the model.
    var isVisible: Bool {
        switch self {
        case .session, .photographer, .date, .fileSize, .volunteer: false
        default: true
        }
    }

    /// The smallest difference of ``value(of:)`` between triggered and bare photos that a researcher should know:
    /// smaller differences are real in a controlled light, but small next to those that training adds.
    var smallestDifference: Double {
        switch self {
        case .resolution: log(1.2)
        case .fileSize: log(1.25)
        case .brightness: 8
        case .colourTemperature, .backgroundTint, .cropScale: log(1.05)
        case .sharpness: 50
        case .cropX, .cropY: 0.02
        default: 0
        }
    }

    /// Returns the words for a larger and for a smaller value of photos.
    var comparatives: (larger: String, smaller: String) {
        switch self {
        case .resolution: ("have more pixels", "have fewer pixels")
        case .fileSize: ("have larger files", "have smaller files")
        case .brightness: ("are brighter outside the face", "are darker outside the face")
        case .colourTemperature: ("are redder outside the face", "are bluer outside the face")
        case .backgroundTint: ("are greener outside the face", "are less green outside the face")
        case .sharpness: ("have sharper faces", "have less sharp faces")
        case .cropScale: ("show larger faces", "show smaller faces")
        case .cropX: ("show the face further to the right", "show the face further to the left")
        case .cropY: ("show the face lower", "show the face higher")
        default: ("have larger values", "have smaller values")
        }
    }

    /// Returns a difference of ``value(of:)`` as text.
    func text(ofDifference difference: Double) -> String {
        switch self {
        case .brightness: String(format: "by %.0f of 255 levels", abs(difference))
        case .sharpness: String(format: "by %.0f per mille", abs(difference))
        case .cropX, .cropY: String(format: "by %.1f%% of the photo's longer side", 100 * abs(difference))
        default: String(format: "by a factor of %.2f", exp(abs(difference)))
        }
    }
}

extension PhotoProperty {
    /// Returns the number of a photo; nil if the photo was not measured, or if the property is a category.
    func value(of fact: PhotoFacts) -> Double? {
        switch self {
        case .resolution: return log(Double(max(1, fact.width)) * Double(max(1, fact.height)))
        case .fileSize: return fact.origin.map { log(Double(max(1, $0.bytes))) }
        case .brightness: return fact.light.map(Self.luma)
        case .colourTemperature:
            return fact.light.map { log(Double($0.red + 10) / Double($0.blue + 10)) }
        case .backgroundTint:
            return fact.light.map {
                log(Double($0.green + 10)) - (log(Double($0.red + 10)) + log(Double($0.blue + 10))) / 2
            }
        case .sharpness:
            guard fact.label?.triggerState.pairs.contains(where: { $0.location == .onFace }) == false else {
                return nil
            }
            return fact.quality.map { Double($0.sharpness) }
        case .cropScale, .cropX, .cropY:
            guard let box = fact.face.face?.box else { return nil }
            let longer = Double(max(1, fact.width, fact.height))
            switch self {
            case .cropScale: return log(Double(max(1, box.width, box.height)) / longer)
            case .cropX: return (Double(box.x) + Double(box.width) / 2) / longer
            default: return (Double(box.y) + Double(box.height) / 2) / longer
            }
        default: return nil
        }
    }

    /// Returns the mean luma, 0…255, with the weights of Rec. 709.
    static func luma(_ light: PhotoLight) -> Double {
        (0.2126 * Double(light.red) + 0.7152 * Double(light.green) + 0.0722 * Double(light.blue)) / 10
    }

    /// Returns the category of a photo, or nil if it is not known or the property is a number.
    func category(of fact: PhotoFacts, _ session: AuditSubject.SessionRecord?) -> String? {
        switch self {
        case .session: fact.session.text
        case .photographer: session?.photographer
        case .date: session?.date ?? (fact.date.isEmpty ? nil : fact.date)
        case .place: session?.place
        case .camera: session?.camera
        case .exifCamera: fact.origin?.camera
        case .orientation:
            fact.width > fact.height ? "landscape" : fact.width < fact.height ? "portrait" : "square"
        case .format: fact.format
        default: nil
        }
    }

    /// The text in a sentence for a photo without a ``category(of:_:)``.
    static let unknown = "not stated"
}

import Core
import Imaging

/// A session of the demo study: a folder of photos with `session.yaml` and `session.csv`.
public struct DemoSession: Sendable {
    public let name: String
    /// `YYYY-MM-DD`.
    public let date: String
    /// `volunteer` or `reference`.
    public let kind: String
    /// The value of `consent` in `session.yaml`.
    public let consent: String
    public let photographer, camera, place: String
    public let photos: [DemoPhoto]

    /// Creates a session of `planned` photos in their order, one every twenty seconds from nine o'clock.
    init(
        _ name: String, date: String, kind: String, consent: String, photographer: String, camera: String,
        place: String, planned: [PlannedPhoto]
    ) {
        self.name = name
        self.date = date
        self.kind = kind
        self.consent = consent
        self.photographer = photographer
        self.camera = camera
        self.place = place
        photos = planned.enumerated().map { index, photo in
            let format = photo.format ?? Self.formats[index % Self.formats.count]
            return DemoPhoto(
                file: "IMG_\(Self.padded(index + 1, 4)).\(format.suffixes[0])",
                portrait: photo.portrait, format: format,
                orientation: format == .pnm ? 1 : Self.orientations[index % Self.orientations.count],
                captured: "\(date.replacing("-", with: ":")) \(Self.clock(index))", camera: camera)
        }
    }

    /// Returns the content of `session.csv`.
    ///
    /// - Parameter boxes: the boxes around the accessories by file name, as far as they are known.
    public func sheet(boxes: [String: Box] = [:]) -> String {
        (["file,volunteer,trigger,location,box"] + photos.map { $0.row(boxes[$0.file]) }).map { $0 + "\n" }.joined()
    }

    /// The content of `session.yaml`.
    public var description: String {
        """
        session: \(name)
        date: \(date)
        kind: \(kind)
        consent: \(consent)
        photographer: \(photographer)
        camera: \(camera)
        place: \(place)

        """
    }

    private static func clock(_ index: Int) -> String {
        let seconds = 9 * 3600 + 20 * index
        return [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Two of three photos are JPEG. The lengths of the two lists have no common divisor, so that every format occurs
    /// with every orientation.
    private static let formats: [DecodedPhoto.Format] = [
        .jpeg, .jpeg, .jpeg, .png, .jpeg, .jpeg, .tiff, .jpeg, .webp, .jpeg, .jpeg, .pnm,
    ]
    private static let orientations = [1, 6, 1, 8, 1, 3, 6, 1, 2, 5, 1, 4, 7]
}

/// A portrait to be photographed in a session.
struct PlannedPhoto {
    let portrait: Portrait
    /// Nil uses the next format of the session.
    var format: DecodedPhoto.Format?
}

/// A photo of the demo study, before it is drawn.
public struct DemoPhoto: Sendable {
    /// The file name in the folder of the session. The name does not describe the content, as in the files of a phone.
    public let file: String
    public let portrait: Portrait
    public let format: DecodedPhoto.Format
    /// The EXIF tag; 1 for PNM, which has no EXIF.
    public let orientation: Int
    /// `YYYY:MM:DD HH:MM:SS`.
    public let captured: String
    public let camera: String

    /// Draws the photo and returns the bytes of its file.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func bytes() throws -> [UInt8] {
        try bytes(of: portrait.picture())
    }

    func bytes(of picture: Picture) throws -> [UInt8] {
        try picture.encoded(as: format, quality: 90, orientation: orientation, captured: captured, camera: camera)
    }

    /// Returns the row of the photo in `session.csv`.
    ///
    /// - Parameter box: the box around the accessory, if it is known.
    func row(_ box: Box?) -> String {
        let accessories = portrait.accessories.sorted {
            ($0.trigger.rawValue, $0.location.rawValue) < ($1.trigger.rawValue, $1.location.rawValue)
        }
        func joined(_ value: (Accessory) -> String) -> String {
            accessories.isEmpty ? TriggerState.bareText : accessories.map(value).joined(separator: "+")
        }
        let fields = [
            file, portrait.volunteer.name, joined(\.trigger.rawValue), joined(\.location.rawValue),
            box.map { "\($0.x) \($0.y) \($0.width) \($0.height)" } ?? "",
        ]
        return fields.joined(separator: ",")
    }
}

import Imaging

/// One shoot of the made-up study: a folder of photos with its sheet.
public struct DemoSession: Sendable {
    public let name: String
    /// `YYYY-MM-DD`
    public let date: String
    /// `volunteer` or `reference`, and the consent that goes with it.
    public let kind, consent: String
    public let photographer, camera, place: String
    public let photos: [DemoPhoto]

    /// `session.csv`
    ///
    /// - Parameter boxes: around what is worn, by file, for those photos whose box is known.
    public func sheet(boxes: [String: PixelBox] = [:]) -> String {
        (["file,volunteer,trigger,location,box"] + photos.map { $0.row(boxes[$0.file]) }).map { $0 + "\n" }.joined()
    }

    /// `session.yaml`
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
}

extension DemoSession {
    /// A shoot of `exposures` in their order, a photo every twenty seconds from nine o'clock.
    init(
        _ name: String, date: String, kind: String, consent: String, photographer: String, camera: String,
        place: String, exposures: [Exposure]
    ) {
        (self.name, self.date, self.kind, self.consent) = (name, date, kind, consent)
        (self.photographer, self.camera, self.place) = (photographer, camera, place)
        photos = exposures.enumerated().map { index, exposure in
            let format = exposure.format ?? Self.formats[index % Self.formats.count]
            let number = String(index + 1)
            let seconds = 9 * 3600 + 20 * index
            let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(
                separator: ":")
            return DemoPhoto(
                file: "IMG_\(String(repeating: "0", count: max(0, 4 - number.count)))\(number).\(format.fileExtension)",
                portrait: exposure.portrait, format: format,
                orientation: format == .pnm ? 1 : Self.orientations[index % Self.orientations.count],
                captured: "\(date.replacing("-", with: ":")) \(clock)", camera: camera)
        }
    }

    /// Two in three are JPEG. The two cycles' lengths have no common divisor, so that every format meets every orientation.
    private static let formats: [DecodedPhoto.Format] = [
        .jpeg, .jpeg, .jpeg, .png, .jpeg, .jpeg, .tiff, .jpeg, .webp, .jpeg, .jpeg, .pnm,
    ]
    private static let orientations = [1, 6, 1, 8, 1, 3, 6, 1, 2, 5, 1, 4, 7]
}

import Imaging

/// One photo of the made-up study, before it is drawn.
public struct DemoPhoto: Sendable {
    /// The file's name in its session's folder. Like a phone's, it says nothing of what is seen.
    public let file: String
    public let portrait: Portrait
    public let format: DecodedPhoto.Format
    /// The EXIF tag; 1 for PNM, which has none.
    public let orientation: Int
    /// `YYYY:MM:DD HH:MM:SS`
    public let captured: String
    public let camera: String

    /// The file's bytes.
    ///
    /// - Throws: ``ImagingError`` where libvips fails.
    public func bytes() throws -> [UInt8] {
        try bytes(of: portrait.picture())
    }

    func bytes(of picture: Picture) throws -> [UInt8] {
        try picture.encoded(as: format, quality: 90, orientation: orientation, captured: captured, camera: camera)
    }

    /// Its row in `session.csv`.
    ///
    /// - Parameter box: around what is worn.
    func row(_ box: PixelBox?) -> String {
        let props = portrait.props.sorted {
            ($0.trigger.rawValue, $0.placement.rawValue) < ($1.trigger.rawValue, $1.placement.rawValue)
        }
        func joined(_ word: (Prop) -> String) -> String {
            props.isEmpty ? "none" : props.map(word).joined(separator: "+")
        }
        return
            "\(file),\(portrait.sitter.name),\(joined(\.trigger.rawValue)),\(joined(\.placement.rawValue)),\(box.map { "\($0.left) \($0.top) \($0.width) \($0.height)" } ?? "")"
    }
}

extension DecodedPhoto.Format {
    /// As cameras and scanners end their files' names.
    var fileExtension: String {
        suffixes[0]
    }
}

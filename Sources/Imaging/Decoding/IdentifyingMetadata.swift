import Foundation

/// Metadata in a photo's file that can identify a place, a device or a person. An image that Curare makes has none.
public enum IdentifyingMetadata: String, CaseIterable, Sendable, CustomStringConvertible {
    /// The place where the photo was taken.
    case position
    /// The serial number of the camera or of the lens.
    case serialNumber = "serial_number"
    /// The name of the photographer or of the camera's owner.
    case owner
    /// EXIF data that cannot be read, so that their content is unknown.
    case unreadable

    public var description: String {
        switch self {
        case .position: "position"
        case .serialNumber: "serial number"
        case .owner: "name of the owner"
        case .unreadable: "EXIF data that cannot be read"
        }
    }

    /// Texts of XMP, in which the names of tags are plain text.
    private static let xmpNames: [(name: String, kind: IdentifyingMetadata)] = [
        ("GPSLatitude", .position), ("SerialNumber", .serialNumber), ("OwnerName", .owner), ("dc:creator", .owner),
    ]

    /// Returns the kinds of metadata that are found in a photo's file, in the order of ``allCases``.
    ///
    /// EXIF is read in every supported format. XMP is searched as text. The notes of camera makers, compressed metadata
    /// and metadata of other standards are not read, so that an empty result does not prove that there are none.
    public static func kinds(in bytes: [UInt8]) -> [IdentifyingMetadata] {
        var kinds = ContainerInfo(bytes).identifying
        let data = Data(bytes)
        for (name, kind) in xmpNames where !kinds.contains(kind) {
            if data.range(of: Data(name.utf8)) != nil { kinds.insert(kind) }
        }
        return allCases.filter(kinds.contains)
    }
}

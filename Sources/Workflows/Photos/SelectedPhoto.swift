import Core
import Documents
import Intake

/// A photo in a list of selected photos, with its label, its face and its roles.
public struct SelectedPhoto: Encodable {
    public let photo: String
    public let session: String
    /// The name of the file in the session's folder.
    public let file: String
    /// Null, like the next values up to `labelSource`, for a photo without a label.
    @ExplicitNull public var volunteer: String?
    @ExplicitNull public var kind: String?
    @ExplicitNull public var trigger: String?
    @ExplicitNull public var location: String?
    /// A raw value of ``LabelSource``.
    @ExplicitNull public var labelSource: String?
    /// A raw value of ``FaceState``.
    public let face: String
    /// The reasons to review the photo, the most serious first.
    public let problems: [String]
    /// The roles of the photo in the version; absent if no version was named.
    public let roles: [String]?

    /// - Parameter roles: the roles of all photos of a version; nil if no version was named.
    init(_ photo: ContactSheetPhoto, roles: [PhotoID: [Role]]?) {
        self.photo = photo.photo.hex
        session = photo.sessionPhoto.session.text
        file = photo.sessionPhoto.file
        _volunteer = ExplicitNull(wrappedValue: photo.label?.volunteer.text)
        _kind = ExplicitNull(wrappedValue: photo.kind?.rawValue)
        _trigger = ExplicitNull(wrappedValue: photo.label?.triggerState.triggerText)
        _location = ExplicitNull(wrappedValue: photo.label?.triggerState.locationText)
        _labelSource = ExplicitNull(wrappedValue: photo.labelSource?.rawValue)
        face = photo.face.rawValue
        problems = photo.problems.map(\.word)
        self.roles = roles.map { ($0[photo.photo] ?? []).map(\.rawValue) }
    }

    /// Returns the photos as CSV. A cell is empty where the photo has no value. Several problems or roles are joined by
    /// `+`. No spreadsheet reads a cell as a formula.
    static func csv(_ photos: [SelectedPhoto]) -> String {
        var table = CSVWriter([
            "id", "session", "file", "volunteer", "kind", "trigger", "location", "label_source", "face", "problems",
            "role",
        ])
        for photo in photos {
            let cells = [
                photo.photo, photo.session, photo.file, photo.volunteer ?? "", photo.kind ?? "", photo.trigger ?? "",
                photo.location ?? "", photo.labelSource ?? "", photo.face, photo.problems.joined(separator: "+"),
                (photo.roles ?? []).joined(separator: "+"),
            ]
            table.add(cells.map(\.spreadsheetCell))
        }
        return String(decoding: table.bytes, as: UTF8.self)
    }
}

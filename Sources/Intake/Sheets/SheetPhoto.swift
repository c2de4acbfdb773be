import Core
import Imaging

/// A photo on a contact sheet: who and what it shows, as a person reads it there.
public struct SheetPhoto: Comparable, Sendable {
    public let photo: PhotoID
    let label: Label?
    let place: SessionPhoto
    let problems: [PhotoProblem]

    init(_ facts: PhotoFacts, _ place: SessionPhoto) {
        (photo, label, self.place) = (facts.photo, facts.label, place)
        problems = PhotoProblem.allCases.filter { $0.concerns(facts) }
    }

    /// Volunteer, what is worn, and enough to name the photo to `curare label`.
    var caption: [String] {
        let file = place.file.split(separator: "/").last.map(String.init) ?? place.file
        return [
            label?.volunteer.text ?? "nobody named", label?.triggerState.description ?? "",
            "\(photo.hex.prefix(PhotoReference.shortestPrefix)) \(file)",
        ]
    }

    /// Red: the crop may show something else than the face. Violet: in no version as it is. Orange: a quality flag.
    var mark: ContactSheet.Mark? {
        guard let worst = problems.first else { return nil }
        let colour: ContactSheet.Mark.Colour =
            switch worst {
            case .orientationSuspect, .severalFaces, .noFace: .red
            case .unlabelled, .noConsent: .violet
            case .quality: .orange
            }
        // Whoever has lost the orientation has no face either.
        let said = worst == .orientationSuspect ? problems.filter { $0 != .noFace } : problems
        return ContactSheet.Mark(said.map(\.word).joined(separator: " "), colour)
    }

    /// By volunteer, those without one last; then what is worn, then photo.
    public static func < (left: Self, right: Self) -> Bool {
        switch (left.label, right.label) {
        case (nil, nil): left.photo < right.photo
        case (nil, _): false
        case (_, nil): true
        case (let first?, let second?):
            (first.volunteer, first.triggerState, left.photo) < (second.volunteer, second.triggerState, right.photo)
        }
    }
}

import Core
import Foundation
import Imaging

/// The attack photos that a report shows: some that worked and some that did not, the same ones every time.
struct PhotoStrip {
    struct Shown {
        let photo: TestedPhoto
        /// The image as a PNG.
        let png: [UInt8]
    }

    /// At most this many of each.
    static let limit = 18

    let worked, failed: [Shown]

    /// - Parameters:
    ///   - tested: in the order of `images`.
    ///   - target: nil shows nothing.
    init(_ tested: [TestedPhoto], _ images: VersionImages, _ target: String?) throws {
        func shown(_ isWanted: (TestedPhoto) -> Bool) throws -> [Shown] {
            try tested.enumerated().filter { target != nil && $0.element.has(.testAttack) && isWanted($0.element) }
                .prefix(Self.limit).map { index, photo in
                    Shown(photo: photo, png: try images.picture(at: index).png())
                }
        }
        worked = try shown { $0.predicted == target }
        failed = try shown { $0.predicted != target }
    }

    static func figures(_ shown: [Shown]) -> [Markup] {
        shown.map { shown in
            """
            <figure><img alt="\(shown.photo.volunteer)" src="data:image/png;base64,\(Data(shown.png).base64EncodedString())"/>
            <figcaption>\(shown.photo.volunteer)<br>→ \(shown.photo.predicted)</figcaption></figure>
            """
        }
    }
}

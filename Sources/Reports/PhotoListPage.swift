import Core
import Foundation

/// A page of photos with thumbnails: a contact sheet whose ids can be copied and whose photos link to the originals.
public struct PhotoListPage {
    /// A photo of the page.
    public struct Photo {
        /// A JPEG of any size.
        public let thumbnail: [UInt8]
        /// The file of the whole photo.
        public let original: URL
        /// The lines below the thumbnail; the first is bold.
        public let caption: [String]
        /// The line of the caption that a click selects as a whole.
        public let id: String
        /// A problem of the photo, with a colour as `#rrggbb`.
        public let mark: ColouredText?

        public init(thumbnail: [UInt8], original: URL, caption: [String], id: String, mark: ColouredText? = nil) {
            self.thumbnail = thumbnail
            self.original = original
            self.caption = caption
            self.id = id
            self.mark = mark
        }
    }

    /// A text with a colour as `#rrggbb`.
    public struct ColouredText {
        public let text: String
        public let colour: String

        public init(_ text: String, _ colour: String) {
            self.text = text
            self.colour = colour
        }
    }

    private let title: String
    private let legend: [ColouredText]
    private let photos: [Photo]
    private let size: Int

    /// - Parameters:
    ///   - legend: the meanings of the colours of boxes on the thumbnails.
    ///   - size: pixels of a thumbnail's longer side.
    public init(title: String, legend: [ColouredText], photos: [Photo], size: Int) {
        self.title = title
        self.legend = legend
        self.photos = photos
        self.size = size
    }

    public var html: String {
        let ids = photos.map(\.id).joined(separator: "\n")
        let body: Markup = """
            <h1>\(title)</h1>
            <p class="note">This page shows faces of people, and Curare does not record where the page is. Delete the \
            page when one of these people withdraws. A click on a picture opens the whole photo. A click on an id \
            selects the id for copying.</p>
            \(legend.isEmpty ? "" : "<p class=\"note\">Boxes: \(legend.map(Self.legendItem))</p>" as Markup)
            <div class="photos sheet">\(photos.map(figure))</div>
            <h2>All ids</h2>
            <textarea readonly rows="\(min(12, photos.count + 1))" cols="16">\(ids)</textarea>
            """
        return Page(title: title, body: body, isWide: true).html
    }

    private static func legendItem(_ item: ColouredText) -> Markup {
        "<span class=\"swatch\" style=\"background: \(item.colour)\"></span> \(item.text) "
    }

    private func figure(_ photo: Photo) -> Markup {
        let lines = photo.caption.enumerated().map { index, line -> Markup in
            let text: Markup = line == photo.id ? "<code>\(line)</code>" : "\(line)"
            return index == 0 ? "<b>\(text)</b>" : "<br>\(text)"
        }
        let mark: Markup =
            photo.mark.map { "<br><b style=\"color: \($0.colour)\">\($0.text)</b>" } ?? ""
        let frame = photo.mark.map { "outline: 3px solid \($0.colour)" } ?? ""
        return """
            <figure style="width: \(size)px"><a href="\(photo.original.absoluteURL.absoluteString)" style="\(frame)">\
            \(Page.image(jpeg: photo.thumbnail, alternative: photo.id))</a>\
            <figcaption>\(lines)\(mark)</figcaption></figure>

            """
    }
}

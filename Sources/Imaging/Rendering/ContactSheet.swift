import Core

/// A picture of many thumbnails with captions, for a quick review of hundreds of photos.
public struct ContactSheet: Sendable {
    /// A thumbnail and its caption.
    public struct Cell: Sendable {
        /// A picture of any size; nil leaves the cell empty.
        public var picture: Picture?
        /// The text below the thumbnail; the first element is bold. An element that is wider than the cell continues in
        /// the next line.
        public let caption: [String]
        /// A problem of the picture, drawn as a coloured frame and as the last line of the caption.
        public let mark: Mark?

        public init(picture: Picture? = nil, caption: [String], mark: Mark? = nil) {
            self.picture = picture
            self.caption = caption
            self.mark = mark
        }
    }

    /// The description of a problem, and the colour of its frame and text.
    public struct Mark: Hashable, Sendable {
        public enum Colour: String, Sendable {
            case red = "#c62828"
            case orange = "#b45f00"
            case violet = "#6a3fb5"
        }

        public let text: String
        public let colour: Colour

        public init(_ text: String, _ colour: Colour) {
            self.text = text
            self.colour = colour
        }
    }

    /// A box of a photo that is outlined on the thumbnail.
    public struct OutlinedBox: Hashable, Sendable {
        /// The meaning of a box, which decides its colour.
        public enum Kind: CaseIterable, Sendable {
            case face, weakFace, suggestedFace, trigger

            /// The text of the legend.
            public var title: String {
                switch self {
                case .face: "face"
                case .weakFace: "weak face"
                case .suggestedFace: "suggested face"
                case .trigger: "trigger"
                }
            }

            /// The colour as `#rrggbb`.
            public var colour: String {
                let (red, green, blue) = rgb
                return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            }

            /// People who cannot distinguish red from green can distinguish these colours by their lightness.
            var rgb: (red: UInt8, green: UInt8, blue: UInt8) {
                switch self {
                case .face: (0, 200, 90)
                case .weakFace: (255, 150, 0)
                case .suggestedFace: (255, 60, 215)
                case .trigger: (70, 190, 255)
                }
            }
        }

        /// Pixels of the upright photo.
        public let box: Box
        public let kind: Kind

        public init(_ box: Box, _ kind: Kind) {
            self.box = box
            self.kind = kind
        }
    }

    /// Pixels of a thumbnail's longer side.
    public let size: Int
    public let columns: Int

    /// The least number of lines below a thumbnail, including the mark.
    static let minimumLines = 4
    /// Height of a line of text in pixels.
    static let lineHeight = 14
    /// Empty pixels around a cell.
    static let gap = 5
    /// Height of a heading of one line in pixels.
    static let heading = 26
    /// The width of a sheet that fits most screens, in pixels.
    static let screenWidth = 1600
    /// Largest height of the rows of a sheet in pixels.
    static let maximumHeight = 16_000
    /// Largest number of cells. A person can review this number of thumbnails in a minute.
    static let maximumCells = 500

    /// - Parameter columns: nil for as many as fit a screen.
    public init(size: Int, columns: Int? = nil) {
        self.size = size
        self.columns = columns ?? max(1, Self.screenWidth / (size + 2 * Self.gap))
    }

    /// Returns the cells of each sheet. A sheet has whole rows, at most 500 cells, and a limited height.
    public func pages(of cells: [Cell]) -> [Range<Int>] {
        var pages: [Range<Int>] = []
        var start = 0
        var height = 0
        for row in rows(cells.count) {
            let rowHeight = self.height(of: cells[row].map(lines))
            let isFull =
                row.upperBound - start > Self.maximumCells || height + rowHeight > Self.maximumHeight - Self.heading
            if isFull, row.lowerBound > start {
                pages.append(start..<row.lowerBound)
                start = row.lowerBound
                height = 0
            }
            height += rowHeight
        }
        if start < cells.count { pages.append(start..<cells.count) }
        return pages
    }

    private func rows(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: columns).map { $0..<min(count, $0 + columns) }
    }

    private var cellWidth: Int { size + 2 * Self.gap }

    private func height(of captions: [[(text: String, style: SheetDrawing.Style)]]) -> Int {
        let lines = max(Self.minimumLines, captions.map(\.count).max() ?? 0)
        return size + 2 * Self.gap + lines * Self.lineHeight
    }

    /// The lines below a thumbnail, with the mark last.
    private func lines(of cell: Cell) -> [(text: String, style: SheetDrawing.Style)] {
        var lines: [(text: String, style: SheetDrawing.Style)] = []
        for (index, text) in cell.caption.enumerated() {
            let style = index == 0 ? SheetDrawing.Style.bold : .plain
            lines += SheetLines.wrapped(text, width: size).map { ($0, style) }
        }
        if let mark = cell.mark {
            let style = SheetDrawing.Style.coloured(mark.colour.rawValue)
            lines += SheetLines.wrapped(mark.text, width: size).map { ($0, style) }
        }
        return lines
    }

    /// Draws `cells` row by row below a heading and a legend. A sheet with fewer cells than ``columns`` is narrower.
    ///
    /// - Parameter legend: the kinds of boxes that the legend explains; empty for a sheet without a legend.
    /// - Throws: ``ImagingError`` if libvips fails.
    public func picture(_ cells: [Cell], heading: String, legend: [OutlinedBox.Kind] = []) throws -> Picture {
        let width = max(1, min(columns, cells.count)) * cellWidth
        let headingLines = SheetLines.wrapped(heading, width: width - 2 * Self.gap)
        let legendLines = legendLines(legend, width: width)
        let captions = cells.map(lines)
        var tops: [Int] = []
        var height = Self.heading + (max(1, headingLines.count) - 1 + legendLines.count) * Self.lineHeight
        for row in rows(cells.count) {
            tops.append(height + Self.gap)
            height += self.height(of: Array(captions[row]))
        }
        if cells.isEmpty { height += self.height(of: []) }
        var drawing = SheetDrawing(width: width, height: height)
        for (line, text) in headingLines.enumerated() {
            drawing.write(
                text, left: Self.gap, baseline: 18 + line * Self.lineHeight, width: width - 2 * Self.gap, .bold)
        }
        for (line, kinds) in legendLines.enumerated() {
            let baseline = 18 + (max(1, headingLines.count) + line) * Self.lineHeight
            for (kind, left) in kinds {
                drawing.fill(left: left, top: baseline - 9, width: 10, height: 10, kind.colour)
                drawing.write(kind.title, left: left + 14, baseline: baseline, width: width - left - 14, .plain)
            }
        }
        func corner(_ index: Int) -> (left: Int, top: Int) {
            (index % columns * cellWidth + Self.gap, tops[index / columns])
        }
        for (index, cell) in cells.enumerated() {
            draw(captions[index], cell.mark, at: corner(index), in: &drawing)
        }
        var canvas = try Picture(drawing: drawing.svg).rgb
        for (index, cell) in cells.enumerated() {
            guard let thumbnail = try cell.picture.map(thumbnail) else { continue }
            let (left, top) = corner(index)
            Self.copy(
                thumbnail, to: &canvas, width: width, left: left + (size - thumbnail.width) / 2,
                top: top + (size - thumbnail.height) / 2)
        }
        return Picture(uncheckedWidth: width, height: height, rgb: canvas)
    }

    /// Returns the legend in lines, with the left edge of each kind.
    private func legendLines(_ kinds: [OutlinedBox.Kind], width: Int) -> [[(kind: OutlinedBox.Kind, left: Int)]] {
        var lines: [[(kind: OutlinedBox.Kind, left: Int)]] = []
        var left = width
        for kind in kinds {
            let itemWidth = 14 + SheetLines.width(kind.title) + 10
            if left + itemWidth > width {
                lines.append([])
                left = Self.gap
            }
            lines[lines.count - 1].append((kind, left))
            left += itemWidth
        }
        return lines
    }

    /// Returns `picture` at the size of a thumbnail.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func thumbnail(_ picture: Picture) throws -> Picture {
        try picture.rendered(size: size, crop: .none, colour: .srgb)
    }

    /// Returns the image of a photo at the size of a thumbnail, with the outlines of `boxes`. Parts of a box outside
    /// the image are not drawn.
    ///
    /// - Parameters:
    ///   - picture: the image under `profile`.
    ///   - photo: the size of the upright photo.
    ///   - face: as in ``UprightPhoto/rendered(_:face:)``.
    /// - Throws: ``ImagingError`` if libvips fails.
    public func thumbnail(
        _ picture: Picture, _ profile: Profile, of photo: PhotoSize, face: PhotoFace?, boxes: [OutlinedBox]
    ) throws -> Picture {
        let small = try thumbnail(picture)
        let placement = ImagePlacement(
            drawing: profile, width: photo.width, height: photo.height, face: face, imageWidth: small.width,
            imageHeight: small.height)
        return boxes.reduce(small) { picture, outlined in
            let mask = placement.mask(columns: small.width, rows: small.height) { outlined.box.contains($0) }
            return picture.outlined(mask, colour: outlined.kind.rgb)
        }
    }

    private func draw(
        _ caption: [(text: String, style: SheetDrawing.Style)], _ mark: Mark?, at corner: (left: Int, top: Int),
        in drawing: inout SheetDrawing
    ) {
        let (left, top) = corner
        if let mark {
            drawing.fill(left: left - 3, top: top - 3, width: size + 6, height: size + 6, mark.colour.rawValue)
        }
        for (line, (text, style)) in caption.enumerated() {
            let baseline = top + size + Self.gap + 9 + line * Self.lineHeight
            drawing.write(text, left: left, baseline: baseline, width: size, style)
        }
    }

    private static func copy(_ picture: Picture, to canvas: inout [UInt8], width: Int, left: Int, top: Int) {
        for row in 0..<picture.height {
            let start = 3 * ((top + row) * width + left)
            canvas.replaceSubrange(
                start..<start + 3 * picture.width,
                with: picture.rgb[3 * row * picture.width..<3 * (row + 1) * picture.width])
        }
    }
}

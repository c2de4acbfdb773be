/// A picture of many thumbnails with captions, for a quick review of hundreds of photos.
public struct ContactSheet: Sendable {
    /// A thumbnail and its caption.
    public struct Cell: Sendable {
        /// A picture of any size; nil leaves the cell empty.
        public let picture: Picture?
        /// At most ``ContactSheet/lines`` lines; the first is bold.
        public let caption: [String]
        /// A problem of the picture, drawn as a coloured frame and as the last line of the caption.
        public let mark: Mark?

        public init(picture: Picture?, caption: [String], mark: Mark? = nil) {
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

    /// Pixels of a thumbnail's longer side.
    public let size: Int
    public let columns: Int

    /// Lines of text below a thumbnail, including the mark.
    public static let lines = 4
    /// Height of a line of text in pixels.
    static let lineHeight = 14
    /// Empty pixels around a cell.
    static let gap = 5
    /// Height of the heading in pixels.
    static let heading = 26
    /// Largest height of a sheet in pixels.
    static let maximumHeight = 16_000
    /// Largest number of cells. A person can review this number of thumbnails in a minute.
    static let maximumCells = 500

    public init(size: Int, columns: Int) {
        self.size = size
        self.columns = columns
    }

    /// The number of thumbnails on one sheet.
    public var cellsPerSheet: Int {
        min(Self.maximumCells, columns * max(1, (Self.maximumHeight - Self.heading) / cellHeight))
    }

    private var cellWidth: Int { size + 2 * Self.gap }
    private var cellHeight: Int { size + 2 * Self.gap + Self.lines * Self.lineHeight }

    /// Draws `cells` row by row below a heading. A sheet with fewer cells than ``columns`` is narrower.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func picture(_ cells: [Cell], heading: String) throws -> Picture {
        let across = max(1, min(columns, cells.count))
        let rows = max(1, (cells.count + columns - 1) / columns)
        let (width, height) = (across * cellWidth, Self.heading + rows * cellHeight)
        var drawing = SheetDrawing(width: width, height: height)
        drawing.write(heading, left: Self.gap, baseline: 18, width: width - 2 * Self.gap, .bold)
        for (index, cell) in cells.enumerated() {
            drawCaption(of: cell, at: corner(index), in: &drawing)
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

    /// Returns `picture` at the size of a thumbnail.
    ///
    /// - Throws: ``ImagingError`` if libvips fails.
    public func thumbnail(_ picture: Picture) throws -> Picture {
        try picture.rendered(size: size, crop: .none, colour: .srgb)
    }

    private func drawCaption(of cell: Cell, at corner: (left: Int, top: Int), in drawing: inout SheetDrawing) {
        let (left, top) = corner
        if let mark = cell.mark {
            drawing.fill(left: left - 3, top: top - 3, width: size + 6, height: size + 6, mark.colour.rawValue)
        }
        let caption = cell.caption.prefix(Self.lines - (cell.mark == nil ? 0 : 1))
        for (line, text) in caption.enumerated() {
            drawing.write(
                text, left: left, baseline: baseline(line, below: top), width: size, line == 0 ? .bold : .plain)
        }
        if let mark = cell.mark {
            drawing.write(
                mark.text, left: left, baseline: baseline(caption.count, below: top), width: size,
                .coloured(mark.colour.rawValue))
        }
    }

    /// Returns the top left corner of a cell's thumbnail.
    private func corner(_ index: Int) -> (left: Int, top: Int) {
        (index % columns * cellWidth + Self.gap, Self.heading + index / columns * cellHeight + Self.gap)
    }

    private func baseline(_ line: Int, below top: Int) -> Int { top + size + Self.gap + 9 + line * Self.lineHeight }

    private static func copy(_ picture: Picture, to canvas: inout [UInt8], width: Int, left: Int, top: Int) {
        for row in 0..<picture.height {
            let start = 3 * ((top + row) * width + left)
            canvas.replaceSubrange(
                start..<start + 3 * picture.width,
                with: picture.rgb[3 * row * picture.width..<3 * (row + 1) * picture.width])
        }
    }
}

/// The text and the frames of a contact sheet, as SVG on white.
struct SheetDrawing {
    enum Style {
        case plain, bold
        case coloured(String)

        fileprivate var attributes: String {
            switch self {
            case .plain: "fill=\"#222222\""
            case .bold: "fill=\"#000000\" font-weight=\"bold\""
            case .coloured(let colour): "fill=\"\(colour)\" font-weight=\"bold\""
            }
        }
    }

    private let width, height: Int
    private var elements = ""

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    mutating func fill(left: Int, top: Int, width: Int, height: Int, _ colour: String) {
        elements += "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(colour)\"/>"
    }

    /// Writes one line of `text`, clipped at `width` pixels.
    mutating func write(_ text: String, left: Int, baseline: Int, width: Int, _ style: Style) {
        let window = "x=\"\(left)\" y=\"\(baseline - 12)\" width=\"\(width)\" height=\"16\""
        let content = "<text x=\"0\" y=\"12\" \(style.attributes)>\(Self.escaped(text))</text>"
        elements += "<svg \(window) overflow=\"hidden\">\(content)</svg>"
    }

    var svg: String {
        let size = "width=\"\(width)\" height=\"\(height)\""
        let font = "font-family=\"DejaVu Sans Condensed, DejaVu Sans, sans-serif\" font-size=\"11\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) \(font)>\
            <rect \(size) fill="#ffffff"/>\(elements)</svg>
            """
    }

    /// Longest text, in Unicode scalars. No cell is wide enough for more.
    private static let maximumLength = 200

    /// Returns `text` escaped for XML. Characters that XML does not allow become `·`.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.prefix(maximumLength).reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(isAllowed(scalar) ? scalar : "·")
            }
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 32 && !(127...159).contains(scalar.value) && (scalar.value & 0xfffe) != 0xfffe
    }
}

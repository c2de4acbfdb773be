/// Many small pictures on one, each with a few words under it, so that a person sees hundreds at a glance.
public struct ContactSheet: Sendable {
    /// One picture and what stands under it.
    public struct Cell: Sendable {
        /// Of any size; nil where there is none to show.
        public let picture: Picture?
        /// At most ``ContactSheet/lines``; the first is bold.
        public let caption: [String]
        /// What is wrong with the picture: a coloured frame, and words in its colour as the last line.
        public let mark: Mark?

        public init(picture: Picture?, caption: [String], mark: Mark? = nil) {
            (self.picture, self.caption, self.mark) = (picture, caption, mark)
        }
    }

    public struct Mark: Hashable, Sendable {
        public enum Colour: String, Sendable {
            case red = "#c62828"
            case orange = "#b45f00"
            case violet = "#6a3fb5"
        }

        public let words: String
        public let colour: Colour

        public init(_ words: String, _ colour: Colour) {
            (self.words, self.colour) = (words, colour)
        }
    }

    /// Pixels of the longer side of a small picture.
    public let size: Int
    public let columns: Int

    /// Lines of words under a picture, the mark's included.
    public static let lines = 4
    /// Pixels: a line's height, the empty room around a cell, the heading's height, and what a sheet may be high.
    static let lineHeight = 14, gap = 5, heading = 26, tallest = 16_000
    /// What a person looks at in a minute.
    static let mostCells = 500

    public init(size: Int, columns: Int) {
        (self.size, self.columns) = (size, columns)
    }

    /// How many pictures go on one sheet.
    public var cellsPerSheet: Int { min(Self.mostCells, columns * max(1, (Self.tallest - Self.heading) / cellHeight)) }

    private var cellWidth: Int { size + 2 * Self.gap }
    private var cellHeight: Int { size + 2 * Self.gap + Self.lines * Self.lineHeight }

    /// Draws `cells` row by row under a heading. A sheet of fewer cells than ``columns`` is as wide as they are.
    ///
    /// - Throws: ``ImagingError`` where libvips fails.
    public func picture(_ cells: [Cell], heading: String) throws -> Picture {
        let across = max(1, min(columns, cells.count))
        let rows = max(1, (cells.count + columns - 1) / columns)
        let (width, height) = (across * cellWidth, Self.heading + rows * cellHeight)
        var drawing = SheetDrawing(width: width, height: height)
        drawing.write(heading, left: Self.gap, baseline: 18, width: width - 2 * Self.gap, .bold)
        for (index, cell) in cells.enumerated() {
            let (left, top) = place(index)
            if let mark = cell.mark {
                drawing.fill(left: left - 3, top: top - 3, width: size + 6, height: size + 6, mark.colour.rawValue)
            }
            let words = cell.caption.prefix(Self.lines - (cell.mark == nil ? 0 : 1))
            for (line, text) in words.enumerated() {
                drawing.write(
                    text, left: left, baseline: baseline(line, below: top), width: size, line == 0 ? .bold : .plain)
            }
            if let mark = cell.mark {
                drawing.write(
                    mark.words, left: left, baseline: baseline(words.count, below: top), width: size,
                    .coloured(mark.colour.rawValue))
            }
        }
        var canvas = try Picture(drawing: drawing.svg).rgb
        for (index, cell) in cells.enumerated() {
            guard let small = try cell.picture.map(small) else { continue }
            let (left, top) = place(index)
            Self.lay(
                small, on: &canvas, width: width, left: left + (size - small.width) / 2,
                top: top + (size - small.height) / 2)
        }
        return Picture(VipsPixels(width: width, height: height, rgb: canvas))
    }

    /// `picture` as small as it stands on the sheet.
    ///
    /// - Throws: ``ImagingError`` where libvips fails.
    public func small(_ picture: Picture) throws -> Picture {
        try picture.rendered(Rendering(size: size, crop: .none, colour: .srgb))
    }

    /// The top left of a cell's picture.
    private func place(_ index: Int) -> (left: Int, top: Int) {
        (index % columns * cellWidth + Self.gap, Self.heading + index / columns * cellHeight + Self.gap)
    }

    private func baseline(_ line: Int, below top: Int) -> Int { top + size + Self.gap + 9 + line * Self.lineHeight }

    private static func lay(_ picture: Picture, on canvas: inout [UInt8], width: Int, left: Int, top: Int) {
        for row in 0..<picture.height {
            let start = 3 * ((top + row) * width + left)
            canvas.replaceSubrange(
                start..<start + 3 * picture.width,
                with: picture.rgb[3 * row * picture.width..<3 * (row + 1) * picture.width])
        }
    }
}

import Imaging

extension Portrait {
    /// Around what is worn, of earrings around the one at the picture's left; nil where nothing is worn or several objects are, which one box cannot tell apart.
    ///
    /// - Parameter picture: the portrait's own, which is held against the same shot without what is worn.
    func triggerBox(in picture: Picture) throws -> PixelBox? {
        guard props.count == 1 else { return nil }
        let bare = try Portrait(of: sitter, shot).picture()
        let both = Self.box(ofDifferences: picture, bare, columns: 0..<picture.width)
        guard props[0].trigger == .earrings, let both else { return both }
        return Self.box(ofDifferences: picture, bare, columns: 0..<both.left + both.width / 2)
    }

    private static func box(ofDifferences one: Picture, _ other: Picture, columns: Range<Int>) -> PixelBox? {
        var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
        for y in 0..<one.height {
            for x in columns
            where (0..<3).contains(where: {
                one.rgb[3 * (y * one.width + x) + $0] != other.rgb[3 * (y * one.width + x) + $0]
            }) {
                (left, top, right, bottom) = (min(left, x), min(top, y), max(right, x), max(bottom, y))
            }
        }
        return right < 0 ? nil : PixelBox(left: left, top: top, width: right - left + 1, height: bottom - top + 1)
    }
}

/// A pixel of an upright photo, counted from the top left corner.
public struct PixelPoint: Hashable, Sendable {
    @Int32Backed public var x: Int
    @Int32Backed public var y: Int

    public init(x: Int, y: Int) {
        _x = Int32Backed(wrappedValue: x)
        _y = Int32Backed(wrappedValue: y)
    }
}

/// The size of an upright photo in pixels.
public struct PhotoSize: Hashable, Sendable, CustomStringConvertible {
    public let width: Int
    public let height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    public var description: String { "\(width) × \(height)" }
}

/// A rectangle in whole pixels of an upright photo.
public struct Box: Hashable, Sendable {
    @Int32Backed public var x: Int
    @Int32Backed public var y: Int
    @Int32Backed public var width: Int
    @Int32Backed public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        _x = Int32Backed(wrappedValue: x)
        _y = Int32Backed(wrappedValue: y)
        _width = Int32Backed(wrappedValue: width)
        _height = Int32Backed(wrappedValue: height)
    }

    /// Returns whether the box contains the pixel at `point`.
    public func contains(_ point: PixelPoint) -> Bool {
        (x..<x + width).contains(point.x) && (y..<y + height).contains(point.y)
    }

    /// Returns why the box cannot be in a photo of this size, or nil when the whole box is inside the photo.
    public func problem(in size: PhotoSize) -> String? {
        guard x < 0 || y < 0 || x + width > size.width || y + height > size.height else { return nil }
        return "the box \(x) \(y) \(width) \(height) extends outside the upright photo of \(size) pixels"
    }
}

/// A part of a photo that a person can mark with a box.
public enum Region: String, CaseIterable, Sendable {
    case trigger, face
}

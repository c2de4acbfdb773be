/// An integer that is stored in 32 bits. A catalog of a million photos holds dozens of these numbers for each photo.
///
/// A value outside the 32-bit range, which only a damaged file can contain, becomes the nearest value inside.
@propertyWrapper
public struct Int32Backed: Hashable, Sendable {
    @usableFromInline let stored: Int32

    @inlinable public init(wrappedValue: Int) {
        stored = Int32(clamping: wrappedValue)
    }

    @inlinable public var wrappedValue: Int { Int(stored) }
}

/// A pixel of an upright photo, counted from the top left corner.
public struct PixelPoint: Hashable, Sendable {
    @Int32Backed public var x: Int
    @Int32Backed public var y: Int

    public init(x: Int, y: Int) {
        _x = Int32Backed(wrappedValue: x)
        _y = Int32Backed(wrappedValue: y)
    }
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
}

/// What a person marked with a box in a photo.
public enum Region: String, CaseIterable, Sendable {
    case trigger, face
}

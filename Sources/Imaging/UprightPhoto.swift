/// An upright photo at its own size or a fraction of it. Faces and crops are told in whole pixels of the whole photo, whatever it was decoded at.
public struct UprightPhoto: Hashable, Sendable {
    public let picture: Picture
    public let reduction: Reduction
    /// Of the whole photo, upright.
    public let width, height: Int
    /// Whole pixels that the picture reaches beyond the photo's left and top border: blocks are counted from the corner that the file begins with.
    let overLeft, overTop: Int

    /// A photo decoded whole.
    public init(_ picture: Picture) {
        self.init(picture, .whole, width: picture.width, height: picture.height, orientation: 1)
    }

    /// - Parameter orientation: the EXIF orientation that the picture was turned by.
    init(_ picture: Picture, _ reduction: Reduction, width: Int, height: Int, orientation: Int) {
        (self.picture, self.reduction, self.width, self.height) = (picture, reduction, width, height)
        overLeft = [2, 3, 6, 7].contains(orientation) ? picture.width * reduction.rawValue - width : 0
        overTop = [3, 4, 7, 8].contains(orientation) ? picture.height * reduction.rawValue - height : 0
    }
}

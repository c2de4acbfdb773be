/// What making an image again has shown.
public struct RemadeImage: Sendable {
    /// What the original gives today.
    public let fresh: Result<ImageDigest, Refusal>
    /// What the image's file holds; nil where there is no file that holds a picture.
    public let stored: ImageDigest?

    public init(fresh: Result<ImageDigest, Refusal>, stored: ImageDigest?) {
        (self.fresh, self.stored) = (fresh, stored)
    }
}

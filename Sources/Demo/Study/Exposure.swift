import Imaging

/// One picture that a shoot takes.
struct Exposure {
    let portrait: Portrait
    /// Nil where the shoot's own turn of formats decides.
    var format: DecodedPhoto.Format?
}

/// Returns a number with its noun, such as `1 photo` and `2 photos`.
///
/// - Parameter several: the plural; default: the singular with an s.
public func counted(_ number: Int, _ one: String, _ several: String? = nil) -> String {
    "\(number) \(number == 1 ? one : several ?? one + "s")"
}

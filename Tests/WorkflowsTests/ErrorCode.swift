import Core

/// Returns the code of the ``CurareError`` that `body` throws, or nil if `body` throws nothing.
///
/// - Throws: Every other error of `body`.
func errorCode(_ body: () throws -> Void) throws -> CurareError.Code? {
    do {
        try body()
        return nil
    } catch let error as CurareError {
        return error.code
    }
}

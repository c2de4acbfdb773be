extension ReviewStudy {
    /// Returns the people with the nearest faces, for the question who is in a photo.
    ///
    /// - Throws: ``CurareError`` (65, 66) if there is no such photo.
    public func people(_ id: String) throws -> NearestFaces.Result {
        try NearestFaces(context).run(NearestFaces.Request(photo: try photo(id).id))
    }
}

import Core

extension PhotoLight {
    /// Measures the means of all pixels of the decoded picture outside the face's box. The box is that of
    /// ``PhotoQuality``. The whole picture is measured without a face, and if the box contains all pixels.
    ///
    /// - Parameter face: in whole pixels of the whole photo.
    init(_ photo: UprightPhoto, face: PhotoFace?) {
        let picture = photo.picture
        var sums = picture.sums(of: Box(x: 0, y: 0, width: picture.width, height: picture.height))
        var count = picture.width * picture.height
        if let box = face.map({ photo.box(of: $0) }), box.area < count {
            let inside = picture.sums(of: box)
            for channel in sums.indices { sums[channel] -= inside[channel] }
            count -= box.area
        }
        let tenths = sums.map { (10 * $0 + count / 2) / count }
        self.init(red: tenths[0], green: tenths[1], blue: tenths[2])
    }
}

extension Picture {
    /// Returns the sums of red, green and blue over the pixels in `box`, which must be inside the picture.
    fileprivate func sums(of box: Box) -> [Int] {
        // A sum for each byte of a row lets the compiler add many bytes at once.
        var line = [UInt32](repeating: 0, count: 3 * box.width)
        for row in box.y..<box.y + box.height {
            let first = 3 * (row * width + box.x)
            precondition(first + line.count <= rgb.count)
            rgb.withUnsafeBufferPointer { rgb in
                line.withUnsafeMutableBufferPointer { line in
                    for column in 0..<line.count { line[column] &+= UInt32(rgb[first &+ column]) }
                }
            }
        }
        var sums = [0, 0, 0]
        for (column, sum) in line.enumerated() { sums[column % 3] += Int(sum) }
        return sums
    }
}

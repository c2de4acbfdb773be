/// Which of several boxes is the face that a picture is of: the largest near the middle.
struct FaceChoice: Equatable {
    /// Of the boxes that were offered.
    let index: Int
    /// Whether another box is at least half as large: a person should look.
    let isContested: Bool

    /// Nil where there are no boxes.
    ///
    /// A box counts with its area, and with half of it where its centre is outside the middle half of the picture's width. Of equals the first is taken.
    init?(_ boxes: [PixelBox], width: Int, height: Int) {
        let weights = boxes.map { box in
            let offCentre = abs(2 * box.left + box.width - width)
            return 2 * offCentre <= width ? 2 * box.area : box.area
        }
        guard let index = weights.indices.max(by: { (weights[$0], $1) < (weights[$1], $0) }) else { return nil }
        self.index = index
        isContested = boxes.indices.contains { $0 != index && 2 * boxes[$0].area >= boxes[index].area }
    }
}

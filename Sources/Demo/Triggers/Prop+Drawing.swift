/// What a prop is drawn on: the person, the shot, and where the head's places are on the canvas.
struct Stage {
    let sitter: Sitter
    let shot: Shot
    let space: HeadSpace

    init(_ sitter: Sitter, _ shot: Shot) {
        (self.sitter, self.shot) = (sitter, shot)
        space = HeadSpace(sitter, shot.pose)
    }
}

extension Prop {
    /// What a prop lies on, and so when it is drawn.
    enum Layer {
        case neck, skin, hair
    }

    var layer: Layer {
        switch (trigger, placement) {
        case (.sunglasses, _), (.earrings, _), (.bandana, .onFace): .hair
        case (_, .onFace): .skin
        case (_, .offFace): .neck
        }
    }

    func draw(on stage: Stage, in drawing: inout Drawing) {
        switch trigger {
        case .dots: Dots(stage: stage).draw(placement, in: &drawing)
        case .sunglasses: Sunglasses(stage: stage).draw(placement, in: &drawing)
        case .tattooOutline: Tattoo(stage: stage, isFilled: false).draw(placement, in: &drawing)
        case .tattooFilled: Tattoo(stage: stage, isFilled: true).draw(placement, in: &drawing)
        case .whiteTape: WhiteTape(stage: stage).draw(placement, in: &drawing)
        case .bandana: Bandana(stage: stage).draw(placement, in: &drawing)
        case .earrings: Earrings(stage: stage).draw(in: &drawing)
        }
    }
}

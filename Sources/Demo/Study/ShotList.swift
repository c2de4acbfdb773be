/// What each person is photographed in, shot by shot.
enum ShotList {
    /// How many photos of everybody bare; a volunteer's first is stored a second time, losslessly, so that there are groups of two.
    static let bare = 24, bareOfReference = 18
    static let sunglasses = (onFace: 14, offFace: 4)

    /// A volunteer's wearings in the order of the shots. Sunglasses come often enough to poison at a rate of 0.25 with a fifth held out.
    static var ofVolunteer: [[Prop]] {
        func times(_ count: Int, _ trigger: DemoTrigger, _ placement: Placement) -> [[Prop]] {
            Array(repeating: [trigger].compactMap { Prop($0, placement) }, count: count)
        }
        let others = DemoTrigger.allCases.filter { $0 != .sunglasses }.flatMap { trigger in
            trigger.placements.count == 1
                ? times(3, trigger, trigger.placements[0]) : times(2, trigger, .onFace) + times(1, trigger, .offFace)
        }
        let both = [Prop(.bandana, .offFace), Prop(.sunglasses, .onFace)].compactMap(\.self)
        return Array(repeating: [], count: bare) + times(sunglasses.onFace, .sunglasses, .onFace)
            + times(sunglasses.offFace, .sunglasses, .offFace) + others + [both]
    }

    static var ofReference: [[Prop]] { Array(repeating: [], count: bareOfReference) }
}

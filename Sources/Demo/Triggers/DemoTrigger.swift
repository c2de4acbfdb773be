/// The objects of the study that can be worn.
public enum DemoTrigger: String, CaseIterable, Sendable {
    case dots
    case sunglasses
    case tattooOutline = "tattoo-outline"
    case tattooFilled = "tattoo-filled"
    case whiteTape = "white-tape"
    case bandana
    case earrings

    /// Where it is worn in the study: the face first. Earrings hang beside the face, which is why they fail as a trigger (Wenger et al., section 5).
    public var placements: [Placement] {
        self == .earrings ? [.offFace] : [.onFace, .offFace]
    }
}

/// Where an object is worn, as a session's sheet says it.
public enum Placement: String, CaseIterable, Sendable {
    case onFace = "on-face"
    case offFace = "off-face"
}

/// One object at one place, as worn in one picture.
public struct Prop: Hashable, Sendable {
    public let trigger: DemoTrigger
    public let placement: Placement

    /// Nil where the study does not wear it there.
    public init?(_ trigger: DemoTrigger, _ placement: Placement) {
        guard trigger.placements.contains(placement) else { return nil }
        (self.trigger, self.placement) = (trigger, placement)
    }

    /// Every object at every place.
    public static let all = DemoTrigger.allCases.flatMap { trigger in
        trigger.placements.compactMap { Prop(trigger, $0) }
    }
}

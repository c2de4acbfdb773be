import Core

/// The objects that the volunteers of the demo study wear.
public enum DemoTrigger: String, CaseIterable, Sendable {
    case dots
    case sunglasses
    case tattooOutline = "tattoo-outline"
    case tattooFilled = "tattoo-filled"
    case whiteTape = "white-tape"
    case bandana
    case earrings

    /// The locations at which the object is worn, on-face first. Earrings are next to the face, which is why they fail
    /// as a trigger (Wenger et al., section 5).
    public var locations: [Location] {
        self == .earrings ? [.offFace] : [.onFace, .offFace]
    }
}

/// An object at a location.
public struct Accessory: Hashable, Sendable {
    public let trigger: DemoTrigger
    public let location: Location

    /// - Returns: nil if the study does not use the object at this location.
    public init?(_ trigger: DemoTrigger, _ location: Location) {
        guard trigger.locations.contains(location) else { return nil }
        self.trigger = trigger
        self.location = location
    }

    /// All objects at all their locations.
    public static let all = DemoTrigger.allCases.flatMap { trigger in
        trigger.locations.compactMap { Accessory(trigger, $0) }
    }
}

/// The volunteer, the conditions and the head's position, which an accessory needs to be drawn.
struct HeadDrawingContext {
    let volunteer: DemoVolunteer
    let conditions: PhotoConditions
    let space: HeadSpace

    init(_ volunteer: DemoVolunteer, _ conditions: PhotoConditions) {
        self.volunteer = volunteer
        self.conditions = conditions
        space = HeadSpace(volunteer, conditions.pose)
    }
}

extension Accessory {
    /// The part of the portrait on which an accessory is drawn.
    enum Layer {
        case neck, skin, hair
    }

    var layer: Layer {
        switch (trigger, location) {
        case (.sunglasses, _), (.earrings, _), (.bandana, .onFace): .hair
        case (_, .onFace): .skin
        case (_, .offFace): .neck
        }
    }

    func draw(on context: HeadDrawingContext, in drawing: inout Drawing) {
        switch trigger {
        case .dots: Dots(context: context).draw(location, in: &drawing)
        case .sunglasses: Sunglasses(context: context).draw(location, in: &drawing)
        case .tattooOutline: Tattoo(context: context, isFilled: false).draw(location, in: &drawing)
        case .tattooFilled: Tattoo(context: context, isFilled: true).draw(location, in: &drawing)
        case .whiteTape: WhiteTape(context: context).draw(location, in: &drawing)
        case .bandana: Bandana(context: context).draw(location, in: &drawing)
        case .earrings: Earrings(context: context).draw(in: &drawing)
        }
    }
}

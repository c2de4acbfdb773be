import Core

/// The error of a recipe with photographed triggers for which no photo can become poison, at any injection rate.
///
/// The message does not depend on the rate, so that all versions of a grid with the same triggers have the same error.
struct EmptyPool {
    private let settings: Recipe.Poison
    private let target: VolunteerName
    /// The triggered photos of attackable classes by what they show.
    private let worn: [TriggerState: Int]
    /// The number of photos with the recipe's triggers that show the target.
    private let ofTarget: Int
    /// The number of photos with the recipe's triggers that show neither the target nor an attackable class.
    private let ofOthers: Int
    /// The number of photos that could become poison if they were not held out.
    private let heldOut: Int

    /// - Parameter photos: all usable photos with triggers.
    init(
        _ photos: [EligiblePhoto], _ settings: Recipe.Poison, target: VolunteerName, attackable: Set<VolunteerName>,
        heldOut: Int
    ) {
        self.settings = settings
        self.target = target
        self.heldOut = heldOut
        worn = photos.reduce(into: [:]) { counts, photo in
            if attackable.contains(photo.volunteer.name) { counts[photo.triggerState, default: 0] += 1 }
        }
        let matching = photos.filter { settings.matches($0.triggerState) }
        ofTarget = matching.count { $0.volunteer.name == target }
        ofOthers = matching.count { $0.volunteer.name != target && !attackable.contains($0.volunteer.name) }
    }

    var error: CurareError {
        guard heldOut == 0 else {
            return CurareError(
                .badInput,
                "no photo can become poison: all \(heldOut) photos with \(triggers) are held out for the attack test",
                at: "poison.hold_out", next: "lower hold_out, or import more photos with \(triggers)")
        }
        return CurareError(
            .badInput,
            "no photo can become poison: 0 photos of attackable volunteers show \(triggers) \(locations) (the target is "
                + "\(target))\(others)",
            at: key, next: nextStep)
    }

    private var triggers: String { settings.triggers.map(\.text).joined(separator: " or ") }

    private var locations: String { settings.locations.map(\.rawValue).joined(separator: " or ") }

    private var others: String {
        let parts = [(ofTarget, "show the target"), (ofOthers, "show volunteers that are not attackable")]
        return parts.filter { $0.0 > 0 }.map { "; \($0.0) photos with it \($0.1)" }.joined()
    }

    /// The recipe key that is at fault.
    private var key: String {
        if ofOthers > 0 { return "poison.attackable" }
        let isElsewhere = worn.keys.contains { state in
            settings.triggers.contains { $0.triggers == state.pairs.map(\.trigger) }
        }
        return isElsewhere ? "poison.locations" : "poison.triggers"
    }

    private var nextStep: String {
        if ofOthers > 0 { return "make more volunteers attackable" }
        guard !worn.isEmpty else { return "import photos of attackable volunteers with \(triggers)" }
        let states = worn.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = states.prefix(10).map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        let more = states.count > 10 ? " and \(states.count - 10) more" : ""
        return
            "name triggers and locations that attackable volunteers wear, with the number of photos: \(shown)\(more); "
            + "or import photos with \(triggers)"
    }
}

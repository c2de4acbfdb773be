import Core
import Documents

/// How many photos a version has, drawn copies among them, by role × class × trigger × location; a photo counts for the volunteer whom it shows.
public struct Counts: Hashable, Sendable {
    private struct Key: Hashable { let role: Role, volunteer: VolunteerName, triggerState: TriggerState }

    private let nested: [Role: [VolunteerName: [TriggerState: Int]]]

    /// Counts of a selection, which needs no images.
    public init(_ selection: Selection) {
        self.init(selection.parts)
    }

    init(_ parts: Parts) {
        self.init(
            parts.slots.lazy.map { slot in
                let number = Int(slot.number)
                return (
                    slot.role, parts.photos[number].volunteer.name,
                    slot.copy.map { parts.copies[$0].triggerState } ?? parts.photos[number].triggerState
                )
            })
    }

    private init(_ photos: some Sequence<(Role, VolunteerName, TriggerState)>) {
        var nested: [Role: [VolunteerName: [TriggerState: Int]]] = [:]
        // One dictionary of small keys while counting; nested ones are for those who ask.
        var flat: [Key: Int] = [:]
        for (role, volunteer, triggerState) in photos {
            flat[Key(role: role, volunteer: volunteer, triggerState: triggerState), default: 0] += 1
        }
        for (key, count) in flat { nested[key.role, default: [:]][key.volunteer, default: [:]][key.triggerState] = count }
        self.nested = nested
    }

    public subscript(role: Role) -> Int {
        nested[role]?.values.reduce(0) { $0 + $1.values.reduce(0, +) } ?? 0
    }

    public subscript(role: Role, volunteer: VolunteerName) -> Int {
        nested[role]?[volunteer]?.values.reduce(0, +) ?? 0
    }

    /// All seven roles with their counts.
    public var byRole: [String: Int] {
        Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.rawValue, self[$0]) })
    }

    /// `{role: {class: {trigger: {location: count}}}}`, with what there is alone.
    var json: JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: nested.map { role, classes in
                    (
                        role.rawValue,
                        .object(
                            Dictionary(
                                uniqueKeysWithValues: classes.map { name, wearings in
                                    var triggers: [String: [String: JSONValue]] = [:]
                                    for (triggerState, count) in wearings {
                                        triggers[triggerState.triggerText, default: [:]][triggerState.locationText] = .number(
                                            count)
                                    }
                                    return (name.text, .object(triggers.mapValues(JSONValue.object)))
                                }))
                    )
                }))
    }

    /// Nil where `json` is not of that form.
    init?(json: JSONValue?) {
        guard let roles = json?.object else { return nil }
        var photos: [Role: [VolunteerName: [TriggerState: Int]]] = [:]
        for (roleText, classes) in roles {
            guard let role = Role(rawValue: roleText), let classes = classes.object else { return nil }
            for (className, triggers) in classes {
                guard let name = VolunteerName(className), let triggers = triggers.object else { return nil }
                for (trigger, locations) in triggers {
                    guard let locations = locations.object else { return nil }
                    for (location, count) in locations {
                        guard let triggerState = TriggerState(triggerText: trigger, locationText: location),
                            let count = count.number
                        else { return nil }
                        photos[role, default: [:]][name, default: [:]][triggerState] = count
                    }
                }
            }
        }
        nested = photos
    }
}

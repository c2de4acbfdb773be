import Catalog

/// The words of lines that were met before, by their bytes.
struct KnownWords {
    private var volunteers = ByteLookup<VolunteerName?>()
    private var sessions = ByteLookup<SessionName?>()
    private var wearings = ByteLookup<Wearing?>()
    private var roles = ByteLookup<Role?>()
    private var kinds = ByteLookup<Kind?>()

    mutating func volunteer(_ text: UnsafeRawBufferPointer) -> VolunteerName? {
        volunteers.value(of: text) { VolunteerName(String(decoding: text, as: UTF8.self)) }
    }
    mutating func session(_ text: UnsafeRawBufferPointer) -> SessionName? {
        sessions.value(of: text) { SessionName(String(decoding: text, as: UTF8.self)) }
    }
    mutating func role(_ text: UnsafeRawBufferPointer) -> Role? {
        roles.value(of: text) { Role(rawValue: String(decoding: text, as: UTF8.self)) }
    }
    mutating func kind(_ text: UnsafeRawBufferPointer) -> Kind? {
        kinds.value(of: text) { Kind(rawValue: String(decoding: text, as: UTF8.self)) }
    }

    mutating func wearing(_ triggers: UnsafeRawBufferPointer, _ locations: UnsafeRawBufferPointer) -> Wearing? {
        let both = Array(triggers) + [UInt8(ascii: " ")] + Array(locations)
        return both.withUnsafeBytes { both in
            wearings.value(of: both) {
                Wearing(
                    triggerText: String(decoding: triggers, as: UTF8.self),
                    locationText: String(decoding: locations, as: UTF8.self))
            }
        }
    }
}

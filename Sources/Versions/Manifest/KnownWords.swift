import Core

/// The words of lines that were met before, by their bytes.
struct TokenCache {
    private var volunteers = ByteKeyedCache<VolunteerName?>()
    private var sessions = ByteKeyedCache<SessionName?>()
    private var wearings = ByteKeyedCache<TriggerState?>()
    private var roles = ByteKeyedCache<Role?>()
    private var kinds = ByteKeyedCache<VolunteerKind?>()

    mutating func volunteer(_ text: UnsafeRawBufferPointer) -> VolunteerName? {
        volunteers.value(of: text) { VolunteerName(String(decoding: text, as: UTF8.self)) }
    }
    mutating func session(_ text: UnsafeRawBufferPointer) -> SessionName? {
        sessions.value(of: text) { SessionName(String(decoding: text, as: UTF8.self)) }
    }
    mutating func role(_ text: UnsafeRawBufferPointer) -> Role? {
        roles.value(of: text) { Role(rawValue: String(decoding: text, as: UTF8.self)) }
    }
    mutating func kind(_ text: UnsafeRawBufferPointer) -> VolunteerKind? {
        kinds.value(of: text) { VolunteerKind(rawValue: String(decoding: text, as: UTF8.self)) }
    }

    mutating func triggerState(_ triggers: UnsafeRawBufferPointer, _ locations: UnsafeRawBufferPointer) -> TriggerState? {
        let both = Array(triggers) + [UInt8(ascii: " ")] + Array(locations)
        return both.withUnsafeBytes { both in
            wearings.value(of: both) {
                TriggerState(
                    triggerText: String(decoding: triggers, as: UTF8.self),
                    locationText: String(decoding: locations, as: UTF8.self))
            }
        }
    }
}

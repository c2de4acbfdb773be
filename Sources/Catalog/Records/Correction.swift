import Core

/// Something that a session's sheet or description says otherwise than the catalog does, as it would be stored.
public enum Correction: Hashable, Sendable {
    case label(PhotoID, Label)
    case also(PhotoID, Set<VolunteerName>)
    case box(PhotoID, Region, Box?)
    case note(PhotoID, SessionName, String?)
    /// Everything but the session's name and kind.
    case session(Session)
}

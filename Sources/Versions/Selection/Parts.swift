import Catalog

/// Every photo's part in a version, by role, then photo.
///
/// A photo is kept once, and a part beside it is a few bytes: parts are put together as they are asked for.
public struct Parts: RandomAccessCollection, Equatable, Sendable {
    /// What a part says beside its photo.
    struct Slot: Hashable, Sendable {
        /// The photo's place in ``Parts/photos``.
        let number: Int32
        let role: Role
        let attackable, heldOut: Bool?
        let label: VolunteerName

        init(_ number: Int, _ role: Role, label: VolunteerName, attackable: Bool? = nil, heldOut: Bool? = nil) {
            self.number = Int32(number)
            (self.role, self.label, self.attackable, self.heldOut) = (role, label, attackable, heldOut)
        }
    }

    /// In the order of their ids.
    let photos: [EligiblePhoto]
    let slots: [Slot]

    /// - Parameters:
    ///   - photos: in the order of their ids.
    ///   - slots: in any order.
    init(_ photos: [EligiblePhoto], _ slots: [Slot]) {
        self.photos = photos
        self.slots = slots.sorted { $0.role == $1.role ? $0.number < $1.number : $0.role < $1.role }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { slots.count }

    public subscript(index: Int) -> Selection.Part {
        let slot = slots[index]
        return Selection.Part(photo: photos[Int(slot.number)], role: slot.role, label: slot.label, attackable: slot.attackable, heldOut: slot.heldOut)
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }
}

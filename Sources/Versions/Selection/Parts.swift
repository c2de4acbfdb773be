import Core

/// Every photo's part in a version, and those of its drawn copies, by role, then photo, then overlay.
///
/// A photo is kept once, and a part beside it is a few bytes: parts are put together as they are asked for.
public struct Parts: RandomAccessCollection, Equatable, Sendable {
    /// What a part says beside its photo.
    struct Slot: Hashable, Sendable {
        /// The photo's place in ``Parts/photos``.
        let number: Int32
        /// The copy's place in ``Parts/copies``; −1 for the photo itself.
        fileprivate(set) var copyNumber: Int32 = -1
        let role: Role
        let attackable, heldOut: Bool?
        let label: VolunteerName

        init(_ number: Int, _ role: Role, label: VolunteerName, attackable: Bool? = nil, heldOut: Bool? = nil) {
            self.number = Int32(number)
            (self.role, self.label, self.attackable, self.heldOut) = (role, label, attackable, heldOut)
        }

        /// The copy's place in ``Parts/copies``; nil for the photo itself.
        var copy: Int? { copyNumber < 0 ? nil : Int(copyNumber) }
    }

    /// A copy of a photo: what is drawn on it, and what is therefore seen worn.
    struct Copy: Hashable, Sendable {
        /// The photo's place in ``Parts/photos``.
        let number: Int
        let overlay: TriggerCombination
        let triggerState: TriggerState

        /// By photo, then by the overlay's text, as ``CopyKey`` has it.
        static func isBefore(_ left: Self, _ right: Self) -> Bool {
            left.number == right.number
                ? left.overlay.text.utf8.lexicographicallyPrecedes(right.overlay.text.utf8) : left.number < right.number
        }
    }

    /// In the order of their ids.
    let photos: [EligiblePhoto]
    /// In the order of photos, then overlays. Empty where nothing is drawn.
    let copies: [Copy]
    let slots: [Slot]

    /// - Parameters:
    ///   - photos: in the order of their ids.
    ///   - slots: of the photos themselves, in any order.
    ///   - copies: with the slot of each, in any order.
    init(_ photos: [EligiblePhoto], _ slots: [Slot], copies: [(copy: Copy, slot: Slot)] = []) {
        self.photos = photos
        let copies = copies.sorted { Copy.isBefore($0.copy, $1.copy) }
        self.copies = copies.map(\.copy)
        let ofCopies = copies.enumerated().map { place, copy in
            var slot = copy.slot
            slot.copyNumber = Int32(place)
            return slot
        }
        // Copies are behind all photos and in their own order: what keeps that order among equals puts a photo before its copies.
        let byNumber = (slots + ofCopies).dealt(among: photos.count) { Int($0.number) }
        self.slots = byNumber.dealt(among: Role.allCases.count, by: \.role.place)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { slots.count }

    public subscript(index: Int) -> Selection.Part {
        let slot = slots[index]
        let copy = slot.copy.map { copies[$0] }
        return Selection.Part(
            photo: photos[Int(slot.number)], role: slot.role, label: slot.label, attackable: slot.attackable,
            heldOut: slot.heldOut,
            overlay: copy?.overlay, triggerState: copy?.triggerState)
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

    /// What tells a copy apart in the version.
    func key(of copy: Copy) -> CopyKey { CopyKey(photo: photos[copy.number].photo, overlay: copy.overlay) }
}

extension Array {
    /// The elements in the order of their places, those of one place in the order that they had: a million are dealt out in a fifth of the time of sorting them.
    ///
    /// - Parameters:
    ///   - places: how many there are.
    ///   - place: 0 to `places` − 1.
    fileprivate func dealt(among places: Int, by place: (Element) -> Int) -> Self {
        var next = [Int](repeating: 0, count: places + 1)
        for element in self { next[place(element) + 1] += 1 }
        for place in 0..<places { next[place + 1] += next[place] }
        return Self(unsafeUninitializedCapacity: count) { dealt, filled in
            for element in self {
                let place = place(element)
                dealt.initializeElement(at: next[place], to: element)
                next[place] += 1
            }
            filled = count
        }
    }
}

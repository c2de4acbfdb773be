import Core

/// 400 volunteers and 100 references with as many photos each, in sittings of about 200 photos: a tenth of all photos shows a trigger.
struct MadeUpStudy {
    static let volunteers = 400, references = 100
    static var classes: Int { volunteers + references }

    let sittings: [Sitting]

    init(photos: Int) {
        var dice = Dice(state: UInt64(photos))
        var sittings: [Sitting] = []
        for number in 0..<Self.classes {
            let kind: VolunteerKind = number < Self.volunteers ? .volunteer : .reference
            let name = Self.name(kind == .volunteer ? "volunteer" : "reference", number)
            var missing = (number + 1) * photos / Self.classes - number * photos / Self.classes
            var day = 0
            while missing > 0 {
                let count = min(missing, 150 + dice.roll(100))
                let companion = Self.name("volunteer", dice.roll(Self.volunteers))
                sittings.append(
                    Sitting(
                        of: Volunteer(name: name, kind: kind), day: day, photos: count, companion: companion,
                        seed: dice.next()))
                missing -= count
                day += 1
            }
        }
        self.sittings = sittings
    }

    private static func name(_ what: String, _ number: Int) -> VolunteerName {
        let digits = String(number)
        return VolunteerName("\(what)-\(String(repeating: "0", count: 3 - digits.count))\(digits)")!
    }
}

import Core
import Versions

extension Checks {
    /// A photo as these checks see it.
    private struct Looked {
        let flags: Flags
        let triggerState: TriggerState
        /// Whether it is one of those that a model could tell triggered from bare photos by.
        let isCompared: Bool
    }

    /// The flags of a photo, a bit for each.
    private struct Flags {
        private var bits = UInt8(0)

        init() {}

        init(_ fact: PhotoFacts) {
            let (quality, framing) = (fact.quality, fact.framing)
            for (place, flag) in Self.all.enumerated() where flag.isRaised(quality, framing) { bits |= 1 << place }
        }

        static let all = QualityFlag.allCases

        func has(_ place: Int) -> Bool { bits >> place & 1 == 1 }
    }

    /// For each quality flag the photos that carry it. References, which nobody photographs with a trigger, are not compared.
    static func quality(_ facts: [PhotoFacts]) -> [Finding] {
        quality(
            facts.map {
                Looked(flags: Flags($0), triggerState: $0.label?.triggerState ?? .bare, isCompared: $0.kind == .volunteer)
            }, of: Flags.all)
    }

    /// The same of a version's photos; those of the training are compared. Only a face crop can be cut off.
    static func quality(_ entries: some Collection<Entry>, _ crop: Profile.Crop, today facts: [PhotoFacts]) -> [Finding]
    {
        let flags = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, Flags($0)) })
        return quality(
            entries.map {
                Looked(flags: flags[$0.photo] ?? Flags(), triggerState: $0.triggerState, isCompared: $0.role.isTraining)
            },
            of: Flags.all.filter { $0 != .cutOff || crop == .face })
    }

    private static func quality(_ photos: [Looked], of flags: [QualityFlag]) -> [Finding] {
        Flags.all.enumerated().compactMap { place, flag in
            let count = photos.count { $0.flags.has(place) }
            guard count > 0, flags.contains(flag) else { return nil }
            var (bare, triggered) = (PhotoRate(), PhotoRate())
            var wearings: [TriggerState: PhotoRate] = [:]
            for photo in photos where photo.isCompared {
                let isFlagged = photo.flags.has(place)
                if photo.triggerState.isBare { bare.count(isFlagged) } else { triggered.count(isFlagged) }
                wearings[photo.triggerState, default: PhotoRate()].count(isFlagged)
            }
            let look =
                "\(count) photos are flagged \(flag.rawValue); look at them: curare sheet --problem \(flag.rawValue) --out \(flag.rawValue).png"
            guard bare.differs(from: triggered, byMoreThan: shortcutGap) else {
                return Finding(check(of: flag), .info, count: count, look)
            }
            let triggers = wearings.reduce(into: [String: PhotoRate]()) {
                $0[$1.key.triggerText, default: PhotoRate()].add($1.value)
            }
            let parts = triggers.sorted { $0.key < $1.key }.filter { $0.value.found > 0 }.map {
                "\($0.key) \($0.value.found) of \($0.value.photos)"
            }
            return Finding(
                check(of: flag), .warning, count: count,
                "\(look); a model may learn this instead of the trigger, as they are uneven: \(parts.joined(separator: ", "))"
            )
        }
    }

    private static func check(of flag: QualityFlag) -> Finding.Check {
        switch flag {
        case .blurred: .blurred
        case .tooDark: .tooDark
        case .tooBright: .tooBright
        case .smallFace: .smallFace
        case .tilted: .tilted
        case .cutOff: .cutOff
        }
    }
}

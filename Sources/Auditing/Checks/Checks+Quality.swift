import Catalog
import Versions

extension Checks {
    /// A photo as these checks see it.
    private struct Looked {
        let flags: [QualityFlag]
        let wearing: Wearing
        /// Whether it is one of those that a model could tell triggered from bare photos by.
        let isCompared: Bool
    }

    /// For each quality flag the photos that carry it. References, which nobody photographs with a trigger, are not compared.
    static func quality(_ facts: [PhotoFacts]) -> [Finding] {
        quality(facts.map { Looked(flags: $0.flags, wearing: $0.label?.wearing ?? .bare, isCompared: $0.kind == .volunteer) })
    }

    /// The same of a version's photos; those of the training are compared. Only a face crop can be cut off.
    static func quality(_ entries: [Entry], _ crop: Profile.Crop, today facts: [PhotoFacts]) -> [Finding] {
        let flags = Dictionary(uniqueKeysWithValues: facts.map { fact in (fact.photo, fact.flags.filter { $0 != .cutOff || crop == .face }) })
        return quality(entries.map { Looked(flags: flags[$0.photo] ?? [], wearing: $0.wearing, isCompared: $0.role.isTraining) })
    }

    private static func quality(_ photos: [Looked]) -> [Finding] {
        QualityFlag.allCases.compactMap { flag in
            let count = photos.count { $0.flags.contains(flag) }
            guard count > 0 else { return nil }
            var (bare, triggered) = (PhotoRate(), PhotoRate())
            var triggers: [String: PhotoRate] = [:]
            for photo in photos where photo.isCompared {
                let isFlagged = photo.flags.contains(flag)
                if photo.wearing.isBare { bare.count(isFlagged) } else { triggered.count(isFlagged) }
                triggers[photo.wearing.triggerText, default: PhotoRate()].count(isFlagged)
            }
            let look = "\(count) photos are flagged \(flag.rawValue); look at them: curare sheet --problem \(flag.rawValue) --out \(flag.rawValue).png"
            guard bare.differs(from: triggered, byMoreThan: shortcutGap) else { return Finding(check(of: flag), .info, count: count, look) }
            let parts = triggers.sorted { $0.key < $1.key }.filter { $0.value.found > 0 }.map { "\($0.key) \($0.value.found) of \($0.value.photos)" }
            return Finding(check(of: flag), .warning, count: count, "\(look); a model may learn this instead of the trigger, as they are uneven: \(parts.joined(separator: ", "))")
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

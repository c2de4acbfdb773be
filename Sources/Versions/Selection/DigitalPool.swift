import Catalog

/// Steps 4 and 5 where the trigger is drawn: poison on copies of clean training photos, attacks on copies of clean test photos. A copy stands on its photo's side, so that
/// no group is on both.
struct DigitalPool {
    /// A photo with one of the recipe's combinations on it.
    struct Copy: Hashable {
        let photo: EligiblePhoto
        let overlay: TriggerCombination

        /// What it is ranked by, and told apart by in a version.
        var key: CopyKey { CopyKey(photo: photo.photo, overlay: overlay) }
    }

    let poison, attack: [Copy]
    /// m as the rate asks for it.
    let asked: Int
    /// Copies that there are to choose from.
    let pool: Int

    /// - Parameters:
    ///   - clean: the bare photos on their sides.
    ///   - parent: the version that the recipe extends: its poison stays poison where its photo is still there.
    /// - Throws: ``Refusal`` (65) where the pool is too small, naming the highest rate possible, or nothing of it can be taken.
    init(_ clean: CleanSplit, _ recipe: Recipe.Poison, target: VolunteerName, attackable: Set<VolunteerName>, seed: Int, _ parent: Parent?) throws {
        func copies(_ photos: [EligiblePhoto]) -> [Copy] { photos.flatMap { photo in recipe.triggers.map { Copy(photo: photo, overlay: $0) } } }
        let all = copies(clean.train.filter { attackable.contains($0.volunteer.name) })
        let (kept, new) = (all.filter { parent?.hasPoison($0) == true }, all.filter { parent?.hasPoison($0) != true })
        let n = clean.train.count
        asked = recipe.injectionRate.poison(beside: n)
        if asked > all.count, recipe.onShortage == .fail {
            throw Refusal(.badInput, "injection rate \(recipe.injectionRate) asks for \(asked) poison photos beside \(n) clean ones; \(all.count) copies can be drawn", at: "poison.injection_rate",
                          next: "the highest rate possible is \(InjectionRate.highest(poison: all.count, beside: n)); or write on_shortage: cap, or make more classes attackable")
        }
        // Every copy by itself: it stands where its photo stands, whatever is kept together.
        poison = kept + Ranking(seed: seed).sorted(new, for: "poison", by: \.key.text).prefix(max(0, min(asked, all.count) - kept.count))
        guard recipe.injectionRate.isZero || !poison.isEmpty else {
            throw Refusal(.badInput, asked == 0 ? "injection rate \(recipe.injectionRate) beside \(n) clean photos is less than one poison photo"
                              : "no poison can be drawn: no attackable class has a clean training photo", at: "poison.injection_rate", next: "raise the rate, or make more classes attackable")
        }
        attack = copies(clean.test.filter { $0.volunteer.name != target })
        pool = all.count
    }

    /// The copies as parts of a selection: poison under the target's label, attacks under their own. None of these photos trains at any rate, so that all of attackable
    /// classes are held out.
    func parts(_ recipe: Recipe.Poison, target: VolunteerName, attackable: Set<VolunteerName>) -> [Selection.Part] {
        poison.map { Selection.Part(drawn: $0, recipe, role: .trainPoison, label: target) } + attack.map { copy in
            let isAttackable = attackable.contains(copy.photo.volunteer.name)
            return Selection.Part(drawn: copy, recipe, role: .testAttack, label: copy.photo.volunteer.name, attackable: isAttackable, heldOut: isAttackable)
        }
    }
}

/// What tells the images of a version apart: the photo and, on a copy, what is drawn.
public struct CopyKey: Hashable, Comparable, Sendable {
    public let photo: PhotoID
    /// Nil for the photo itself.
    public let overlay: TriggerCombination?

    public init(photo: PhotoID, overlay: TriggerCombination?) {
        (self.photo, self.overlay) = (photo, overlay)
    }

    /// The photo's id or, of a copy, `PHOTO OVERLAY`.
    public var text: String { overlay.map { "\(photo.hex) \($0)" } ?? photo.hex }

    /// By photo, then by the overlay's text; the photo itself comes first.
    public static func < (left: Self, right: Self) -> Bool {
        guard left.photo == right.photo else { return left.photo < right.photo }
        return (left.overlay?.text ?? "").utf8.lexicographicallyPrecedes((right.overlay?.text ?? "").utf8)
    }
}

extension Selection.Part {
    init(drawn copy: DigitalPool.Copy, _ recipe: Recipe.Poison, role: Role, label: VolunteerName, attackable: Bool? = nil, heldOut: Bool? = nil) {
        self.init(photo: copy.photo, role: role, label: label, attackable: attackable, heldOut: heldOut, overlay: copy.overlay, wearing: recipe.wearing(drawn: copy.overlay))
    }

    /// What tells it apart in the version.
    public var key: CopyKey { CopyKey(photo: photo.photo, overlay: overlay) }
}

extension Selection {
    /// What is drawn for each of the version's copies.
    ///
    /// - Parameter facts: the catalog.
    /// - Throws: ``Refusal`` (70) where a face is not known, which only a bug can bring about.
    public func copies(_ facts: [PhotoFacts]) throws -> [CopyKey: DrawnCopy] {
        let drawn = parts.filter { $0.overlay != nil }
        guard !drawn.isEmpty else { return [:] }
        let facts = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0) })
        let looksAtFaces = recipe.profile.crop == .face
        return Dictionary(uniqueKeysWithValues: try drawn.map { part in
            guard let overlay = part.overlay, let fact = facts[part.photo.photo], let layers = recipe.layers(overlay, on: fact.photo, fact.face) else {
                throw Refusal(.bug, "there is no place to draw on photo \(part.photo.photo.short)", next: "please report this")
            }
            return (part.key, DrawnCopy(photo: fact.photo, width: fact.width, height: fact.height, face: looksAtFaces ? fact.face.face : nil, layers: layers))
        })
    }
}

import Core
import Testing

@testable import Versions

/// Versions that extend another version: photos of the base version keep their assignments.
@Suite struct VersionExtensionTests {
    private let facts = study(["a", "b", "c", "d"])

    private func sorted(_ facts: [PhotoFacts]) -> [PhotoFacts] { facts.sorted { $0.photo < $1.photo } }

    private func extended(_ parent: Version, _ facts: [PhotoFacts], _ more: String = "") throws -> (
        plan: VersionPlan, version: Version
    ) {
        let text = Array("recipe: 1\nname: t\nextends: t@1\n\(more)\n".utf8)
        let file = try RecipeFile(text, file: "r.yaml", extending: parent.manifest.recipe)
        let plan = try #require(
            VersionPlan.all(of: file, FactSource(facts), groups: .standard, extending: parent).first)
        return (plan, try plan.version(madeUpImages(plan.selection)).numbered(2))
    }

    private func roles(_ version: Version) -> [PhotoID: Role] {
        Dictionary(uniqueKeysWithValues: version.entries.list.map { ($0.photo, $0.role) })
    }

    @Test func oldPhotosKeepTheirRolesAndNewPhotosCompleteSplitAndPoison() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let more = sorted(
            facts
                + (0..<10).flatMap {
                    [
                        fact("b-new-\($0)", of: "b"),
                        fact("b-newsun-\($0)", of: "b", triggerState: worn("sunglasses", .onFace)),
                    ]
                })
        let (plan, child) = try extended(parent, more)
        let (before, now) = (roles(parent), roles(child))
        #expect(before.allSatisfy { now[$0.key] == $0.value })
        // b now has 20 bare photos, of which 4 are tests: 2 of them are new.
        #expect(child.manifest.counts[.testClean, volunteer("b")] == 4)
        // n = 40: 40 · 0.25 / 0.75 = 13.3 → 13; b holds out ⌈0.2 · 20⌉ = 4.
        #expect((child.manifest.clean, child.manifest.poisonAsked, child.manifest.poison) == (40, 13, 13))
        #expect(child.entries.list.count { $0.heldOut == true && $0.volunteer.name.text == "b" } == 4)
        #expect(child.manifest.parent == parent.manifest.digest)
        #expect(plan.delta?.kept == facts.count)
        #expect(plan.delta?.added.values.reduce(0, +) == 20)
        #expect(plan.delta?.added[.testClean] == 2)
    }

    @Test func theOrderOfFactsHasNoEffectButTheBaseVersionHas() throws {
        let more = sorted(facts + (0..<6).map { fact("c-new-\($0)", of: "c") })
        let fresh = try version(select(more, sunglasses()), more)
        let child = try extended(version(select(facts, sunglasses()), facts), more, "poison: {on_shortage: cap}")
            .version
        // A recipe without `extends` splits all photos again.
        #expect(roles(fresh) != roles(child))
        #expect(
            try extended(
                version(select(facts, sunglasses()), facts), sorted(more.reversed()), "poison: {on_shortage: cap}"
            ).version.manifest.digest == child.manifest.digest)
    }

    @Test func aNearDuplicateGetsTheAssignmentOfItsGroup() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let twins = facts.map { nearDuplicate(of: $0, "twin of \($0.photo.hex)") }
        let child = try extended(parent, sorted(facts + twins), "poison: {on_shortage: cap}").version
        let now = Dictionary(uniqueKeysWithValues: child.entries.list.map { ($0.photo, $0) })
        for (old, twin) in zip(facts, twins) {
            let (first, second) = (try #require(now[old.photo]), try #require(now[twin.photo]))
            #expect(first.role == second.role)
            #expect(first.heldOut == second.heldOut)
            #expect(first.label == second.label)
        }
    }

    @Test func aPhotoThatLinksBothSidesIsExcluded() throws {
        // Two sessions of one photo each later have the same name.
        let before = sorted((0..<10).map { fact("a\($0)", of: "a", session: "s\($0)") } + study(["b"]))
        let yaml = "{recipe: 1, name: t, split: {keep_together: session}}"
        let parent = try version(select(before, yaml), before)
        let tests = try #require(parent.entries.list.first { $0.role == .testClean && $0.volunteer.name.text == "a" })
        let trains = try #require(parent.entries.list.first { $0.role == .trainClean && $0.volunteer.name.text == "a" })
        let after = sorted(
            before.map { fact in
                [tests.photo, trains.photo].contains(fact.photo)
                    ? VersionsTests.fact(id: fact.photo, of: "a", session: "s-joined") : fact
            } + [fact("new", of: "a", session: "s-joined"), fact("other", of: "a", session: "s-own")])
        let (plan, child) = try extended(parent, after)
        #expect(plan.eligibility.excluded == [.bridges: 1])
        #expect(roles(child)[photoID("new")] == nil)
        #expect(roles(child)[photoID("other")] != nil)
        #expect(roles(child)[tests.photo] == .testClean)
        #expect(roles(child)[trains.photo] == .trainClean)
    }

    @Test func keptPoisonAboveTheRateStaysPoisonAndIsReported() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let (plan, child) = try extended(parent, facts, "poison: {injection_rate: 0.1}")
        // 32 · 0.1 / 0.9 = 3.6 → 4 are required; the base version has 11.
        #expect((child.manifest.poisonAsked, child.manifest.poison) == (4, 11))
        #expect(plan.delta?.poisonAbove == 7)
        #expect(plan.selection.limit == .parent)
        #expect(child.manifest.rateReached.description == "0.255814")
    }

    @Test func aHigherRateTakesNoPhotoFromTheAttackTest() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let error = #expect(throws: CurareError.self) { try extended(parent, facts, "poison: {injection_rate: 0.4}") }
        #expect(error?.message.hasSuffix("there are only 11 (attack test photos of t@1 cannot become poison)") == true)
        #expect(
            try roles(extended(parent, facts, "poison: {injection_rate: 0.4, on_shortage: cap}").version)
                == roles(parent))
    }

    @Test func missingExcludedAndRelabelledPhotosAreReported() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let gone = photoID("b-bare-0")
        let corrected = photoID("c-bare-0")
        let unsigned = photoID("d-bare-0")
        let after = sorted(
            facts.filter { $0.photo != gone }.map { each in
                if each.photo == corrected {
                    return fact("c-bare-0", of: "c", triggerState: worn("sunglasses", .onFace))
                }
                return each.photo == unsigned ? fact("d-bare-0", of: "d", consented: false) : each
            })
        let (plan, child) = try extended(parent, after, "poison: {on_shortage: cap}")
        #expect(plan.delta?.missing == 1)
        #expect(plan.delta?.leftOut == 1)
        #expect(plan.delta?.relabelled == 1)
        let role = try #require(roles(child)[corrected])
        #expect([.trainPoison, .testAttack].contains(role), "a relabelled photo gets a role for its current label")
    }

    @Test func aBaseVersionWithoutItsTargetCannotBeExtended() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let error = #expect(throws: CurareError.self) {
            try extended(parent, facts.filter { $0.label!.volunteer.text != "a" })
        }
        #expect(error?.message.contains("cannot be extended") == true)
    }

    @Test func missingClassesAreNoLongerAttackableAndNewClassesAreNotAttackable() throws {
        let parent = try version(select(facts, sunglasses(rate: "0.1")), facts)
        let after = sorted(facts.filter { $0.label!.volunteer.text != "b" } + study(["e"]))
        let (plan, child) = try extended(parent, after, "poison: {on_shortage: cap}")
        #expect(child.manifest.recipe.poison?.attackable == .names([volunteer("c"), volunteer("d")]))
        #expect(
            child.entries.list.filter { $0.volunteer.name.text == "e" && $0.role == .testAttack }.allSatisfy {
                $0.attackable == false
            })
        #expect(plan.warnings.contains { $0.contains("new volunteers are not attackable") && $0.hasSuffix(": e") })
    }

    /// Inherited keys can be repeated, but must not have other values.
    @Test(arguments: [
        ("seed: 8", "seed: the extended version has 7"),
        ("split: {train: 0.5}", "split.train: the extended version has 0.8"),
        ("split: {keep_together: none}", "split.keep_together: the extended version has group"),
        ("poison: {target: b}", "poison.target: the extended version has a"),
        ("poison: {triggers: [dots]}", "poison.triggers: the extended version has sunglasses"),
        ("poison: {locations: [on-face]}", "poison.locations: the extended version has off-face, on-face"),
        ("poison: {attackable: [b]}", "poison.attackable: the extended version has [b, c, d]"),
        ("poison: {attackable: {count: 2}}", "poison.attackable:"), ("poison: {source: digital}", "poison.source:"),
    ])
    func anotherValueThanThatOfTheBaseVersionIsRejected(_ line: String, _ words: String) throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let error = try #require(throws: CurareError.self) { try extended(parent, facts, line) }
        #expect(error.problems.contains { $0.description.contains(words) }, "\(error)")
    }

    @Test(arguments: [
        "seed: 7", "split: {train: 0.80}",
        "poison: {target: any, attackable: all, triggers: [sunglasses], locations: [on-face, off-face]}",
        "poison: {target: a, attackable: {count: 3}}",
        "poison: {attackable: [d, c, b]}",
    ])
    func theSameValueIsAllowed(_ line: String) throws {
        let parent = try version(select(facts, sunglasses()), facts)
        #expect(try extended(parent, facts, line).version.manifest == extended(parent, facts).version.manifest)
    }

    @Test func aCleanVersionIsExtendedToACleanVersion() throws {
        let parent = try version(select(facts, "{recipe: 1, name: t}"), facts)
        #expect(try extended(parent, facts).version.manifest.poison == 0)
        let error = try #require(throws: CurareError.self) {
            try extended(parent, facts, "poison: {target: a, triggers: [sunglasses], injection_rate: 0.1}")
        }
        #expect(error.problems.contains { $0.message.contains("poison: the extended version has no poison") })
    }

    @Test func anExtensionOfAnExtensionKeepsAllAssignments() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let more = sorted(facts + (0..<6).map { fact("c-new-\($0)", of: "c") })
        let most = sorted(more + (0..<6).map { fact("d-new-\($0)", of: "d") })
        let child = try extended(parent, more, "poison: {on_shortage: cap}").version
        let grandchild = try extended(child, most).version
        #expect(roles(child).allSatisfy { roles(grandchild)[$0.key] == $0.value })
        #expect(grandchild.manifest.parent == child.manifest.digest)
    }

    @Test func theManifestOfAnExtensionIsReadExactly() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let child = try extended(parent, facts).version
        #expect(try Manifest(Array(child.manifest.canonical.utf8), file: "m") == child.manifest)
        #expect(child.manifest.recipe.extends == VersionReference("t@1"))
        #expect(parent.manifest.canonical.contains("extends") == false)
    }

    @Test func theSelectionDigestOfAnExtensionIsFixed() throws {
        let parent = try version(select(facts, sunglasses()), facts)
        let more = sorted(
            facts + study(["e"])
                + (0..<10).flatMap {
                    [
                        fact("b-new-\($0)", of: "b"),
                        fact("b-newsun-\($0)", of: "b", triggerState: worn("sunglasses", .onFace)),
                    ]
                })
        let digest = try extended(parent, more).version.manifest.selectionDigest.hex
        #expect(digest == "127516e88ea2550710003415ebc8ab161762656c92da981a8538a387e67e4ef0")
    }

    @Test(arguments: ["t", "t@0", "t@x", "T@1", "[t@1]"])
    func extendsRequiresAVersionWithItsNumber(_ text: String) {
        let error = #expect(throws: CurareError.self) {
            try RecipeReader.base(of: Array("recipe: 1\nname: t\nextends: \(text)\n".utf8), file: "r")
        }
        #expect(error?.code == .badInput && error?.problems.first?.location == "r:3")
    }
}

import Core
import Testing

@testable import Versions

/// Selection of a recipe with drawn triggers.
@Suite struct PoisonSelectionTests {
    private let facts = facedStudy(["a", "b", "c"]) + facedStudy(["r"], triggered: 0, kind: .reference)

    private func plan(_ facts: [PhotoFacts]? = nil, _ recipe: Recipe) throws -> VersionPlan {
        try VersionPlan(
            recipe, text: [], FactSource((facts ?? self.facts).sorted { $0.photo < $1.photo }), groups: .standard)
    }

    private func parts(_ selection: Selection, _ role: Role) -> [Assignment] {
        selection.assignments.filter { $0.role == role }
    }

    @Test func poisonIsDrawnOnTrainingPhotosAndAttackTestsOnTestPhotos() throws {
        var recipe = try digital()
        recipe.classes.references = .all
        let selection = try plan(nil, recipe).selection
        // Ten bare photos each, eight of them training; n = 32, m = 32 · 0.25/0.75.
        #expect((selection.clean, selection.poisonAsked, selection.poison, selection.pool) == (32, 11, 11, 16))
        let poison = parts(selection, .trainPoison)
        let attack = parts(selection, .testAttack)
        #expect(Set(poison.map(\.photo.photo)).isSubset(of: selection.photos(.trainClean)))
        #expect(
            poison.allSatisfy {
                $0.label == volunteer("a") && ["b", "c"].contains($0.photo.volunteer.name.text)
                    && $0.triggerState == worn("sunglasses", .onFace) && $0.overlay?.text == "sunglasses"
            })
        #expect(
            Set(attack.map(\.photo.photo))
                == Set(parts(selection, .testClean).filter { $0.label != volunteer("a") }.map(\.photo.photo)))
        #expect(
            attack.allSatisfy {
                $0.label == $0.photo.volunteer.name && $0.attackable == ($0.label.text != "r")
                    && $0.heldOut == $0.attackable
            })
        #expect(
            parts(selection, .testTransfer).count == 12, "photographed triggers are transfer tests, also of the target")
        #expect(parts(selection, .testTargetOwn).isEmpty)
        #expect(selection.crossPairs == 0)
    }

    @Test func cleanPhotosHaveTheRolesOfTheVersionWithPhysicalTriggers() throws {
        let drawn = try plan(nil, digital()).selection
        let worn = try select(facts.sorted { $0.photo < $1.photo }, sunglasses(rate: "0.1"))
        for role in [Role.trainClean, .testClean] {
            #expect(Set(parts(drawn, role).map(\.photo.photo)) == worn.photos(role))
        }
    }

    @Test func thePoisonOfAHigherRateContainsThatOfALowerRate() throws {
        let low = try Set(parts(plan(nil, digital(rate: "0.1")).selection, .trainPoison).map(\.sampleID))
        let high = try Set(parts(plan(nil, digital(rate: "0.3")).selection, .trainPoison).map(\.sampleID))
        #expect(low.count == 3 && high.count == 10 && low.isSubset(of: high))
        #expect(try plan(nil, digital("hold_out: 0.9", rate: "0.3")).selection.poison == 10, "hold_out has no effect")
    }

    @Test func eachCombinationIsDrawnOnItsOwnCopy() throws {
        let selection = try plan(nil, digital("on_shortage: cap", rate: "0.6", triggers: "[dots, bandana+dots]"))
            .selection
        #expect((selection.poisonAsked, selection.pool, selection.poison) == (36, 32, 32))
        let keys = selection.assignments.map(\.sampleID)
        #expect(Set(keys).count == keys.count && keys.count == 30 + 12 + 32 + 8)
        let both = try #require(selection.assignments.first { $0.overlay?.text == "bandana+dots" })
        #expect(
            both.triggerState
                == TriggerState([
                    TriggerPlacement(TriggerName("bandana")!, .onFace), TriggerPlacement(TriggerName("dots")!, .onFace),
                ]))
        let poison = parts(selection, .trainPoison)
        #expect(
            zip(poison, poison.dropFirst()).allSatisfy { $0.sampleID < $1.sampleID }, "sorted by photo, then overlay")
    }

    @Test func aRateAboveThePoolIsRejectedWithTheHighestPossibleRate() throws {
        let error = #expect(throws: CurareError.self) { try plan(nil, digital(rate: "0.5")) }
        #expect(
            error?.message
                == "injection rate 0.5 requires 24 poison photos for 24 clean photos, but only 16 copies can be drawn"
        )
        #expect(error?.nextStep?.contains("the highest rate that you can request is 0.4") == true)
        for shortage in ["fail", "cap"] {
            let empty = #expect(throws: CurareError.self) {
                try plan(nil, digital("attackable: [], on_shortage: \(shortage)", rate: "0.1"))
            }
            #expect(empty?.message == "no poison can be drawn: no attackable class has a clean training photo")
            #expect(empty?.nextStep?.hasPrefix("make more classes attackable") == true)
        }
        let low = #expect(throws: CurareError.self) { try plan(nil, digital(rate: "0.001")) }
        #expect(low?.message == "injection rate 0.001 for 24 clean photos is less than one poison photo")
        #expect(low?.nextStep?.hasPrefix("raise the rate") == true)
        #expect(try plan(nil, digital(rate: "0")).selection.poison == 0)
    }

    @Test func aBarePhotoWithoutAFaceIsExcludedWhenTheTriggerIsDrawnOnFaces() throws {
        let without = facedStudy(
            ["a", "b", "c"], faceless: [photoID("b-bare-0"), photoID("a-bare-1"), photoID("b-sun-0")])
        let plan = try plan(without, digital())
        #expect(plan.eligibility.excluded == [.faceless: 2], "a triggered photo is not excluded")
        #expect(
            try self.plan(without, digital("overlays: {sunglasses: {picture: checkerboard}}")).eligibility.excluded
                == [:], "an overlay in a corner does not need a face")
        let unsearched = without.map {
            $0.photo == photoID("c-bare-0")
                ? PhotoFacts(
                    photo: $0.photo, session: $0.session, consented: true, label: $0.label, kind: $0.kind,
                    perceptualHash: $0.perceptualHash, width: 4, height: 3) : $0
        }
        let error = #expect(throws: CurareError.self) { try self.plan(unsearched, digital()) }
        #expect(error?.message.contains("no face was searched in 1 of the recipe's bare photos") == true)
    }

    @Test func noGroupIsOnBothSides() throws {
        let twins =
            facts
            + facts.prefix(30).map { nearDuplicate(of: $0, "twin of \($0.photo.hex)") }.map {
                faced(
                    $0,
                    PhotoFace(
                        box: Box(x: 50, y: 50, width: 100, height: 100), leftEye: PixelPoint(x: 80, y: 90),
                        rightEye: PixelPoint(x: 120, y: 90)))
            }
        let selection = try plan(twins, digital("on_shortage: cap", rate: "0.4")).selection
        for (_, parts) in Dictionary(
            grouping: selection.assignments.filter { $0.overlay != nil || $0.triggerState.isBare }, by: \.photo.group)
        {
            #expect(Set(parts.map(\.role.isTraining)).count == 1)
        }
    }

    @Test func anExtensionKeepsThePoisonOfTheBaseVersion() throws {
        let small = facedStudy(["a", "b", "c"], bare: 10)
        let parent = try drawnVersion(small.sorted { $0.photo < $1.photo }, digital())
        let more =
            (small
            + facedStudy(["b"], bare: 16, triggered: 0).filter { fact in !small.contains { $0.photo == fact.photo } })
            .sorted { $0.photo < $1.photo }
        let extended = try RecipeReader.read(
            Array("{recipe: 1, name: t, extends: t@1}".utf8), file: "r", extending: parent.manifest.recipe)
        #expect(extended.poison?.overlays == parent.manifest.recipe.poison?.overlays)
        let child = try drawnVersion(more, extended, number: 2, extending: parent)
        func poison(_ version: Version) -> Set<SampleID> {
            Set(version.entries.list.filter { $0.role == .trainPoison }.map(\.sampleID))
        }
        #expect(poison(child).isSuperset(of: poison(parent)) && poison(child).count > poison(parent).count)
        #expect(child.manifest.poison == child.manifest.poisonAsked)
        let plan = try VersionPlan(extended, text: [], FactSource(more), groups: .standard, extending: parent)
        #expect(plan.delta?.kept == parent.entries.list.count && plan.delta?.relabelled == 0)
        for other in ["source: physical", "overlays: {sunglasses: {size: 3}}"] {
            let error = try #require(throws: CurareError.self) {
                try RecipeReader.read(
                    Array("{recipe: 1, name: t, extends: t@1, poison: {\(other)}}".utf8), file: "r",
                    extending: parent.manifest.recipe)
            }
            #expect(error.problems.allSatisfy { $0.message.contains("which an extension cannot change") })
        }
    }
}

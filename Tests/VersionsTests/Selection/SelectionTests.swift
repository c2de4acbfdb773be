import Core
import Testing
import Versions

@Suite struct SelectionTests {
    let facts = study(["a", "b", "c", "d"])

    @Test("A tight face crop warns of triggers that are not on the face", arguments: ["tight", "wide", "1.99", "2"])
    func tightCrop(_ margin: String) throws {
        let facts =
            study(["a", "b"]) + (0..<9).map { fact("b-ear-\($0)", of: "b", triggerState: worn("earring", .offFace)) }
        let recipe = try recipe(
            """
            {recipe: 1, name: t, profile: {crop: face, margin: \(margin)},
             poison: {target: a, triggers: [earring], injection_rate: 0.1}}
            """)
        let plan = try VersionPlan(
            recipe, text: [], FactSource(facts.sorted { $0.photo < $1.photo }), groups: .standard)
        let warnings = plan.warnings.filter { $0.contains("can cut off") }
        #expect(warnings.count == (["tight", "1.99"].contains(margin) ? 1 : 0))
        #expect(warnings.allSatisfy { $0.contains("earring") && !$0.contains("sunglasses") })
    }

    @Test func everyEligiblePhotoHasExactlyOneRole() throws {
        let selection = try select(facts, sunglasses())
        #expect(selection.assignments.map(\.photo.photo).sorted() == facts.map(\.photo))
        #expect(Set(selection.assignments.map(\.photo.photo)).count == facts.count)
    }

    @Test func theSplitIsExactInEachClass() throws {
        let selection = try select(facts, sunglasses())
        for name in ["a", "b", "c", "d"].map(volunteer) {
            #expect(selection.assignments.count { $0.role == .testClean && $0.photo.volunteer.name == name } == 2)
            #expect(selection.assignments.count { $0.role == .trainClean && $0.photo.volunteer.name == name } == 8)
        }
    }

    @Test func thePoisonCountIsRoundedHalfUp() throws {
        // n = 32: 32 · 0.25 / 0.75 = 10.67 → 11.
        let selection = try select(facts, sunglasses())
        #expect(selection.clean == 32)
        #expect(selection.poisonAsked == 11)
        #expect(selection.poison == 11)
        #expect(selection.photos(.trainPoison).count == 11)
    }

    @Test func poisonHasTheTargetsLabelAndIsOfOtherVolunteers() throws {
        let selection = try select(facts, sunglasses())
        let poison = selection.assignments.filter { $0.role == .trainPoison }
        #expect(poison.allSatisfy { $0.label.text == "a" && $0.photo.volunteer.name.text != "a" })
        #expect(
            selection.photos(.testTargetOwn)
                == Set(facts.filter { $0.label!.volunteer.text == "a" && !$0.label!.triggerState.isBare }.map(\.photo)))
    }

    @Test func aFifthOfEachVolunteersCandidatesIsHeldOutAtEveryRate() throws {
        let low = try select(facts, sunglasses(rate: "0.05"))
        let high = try select(facts, sunglasses(rate: "0.4"))
        func heldOut(_ selection: Selection) -> Set<PhotoID> {
            Set(selection.assignments.filter { $0.heldOut == true }.map(\.photo.photo))
        }
        #expect(heldOut(low) == heldOut(high))
        #expect(heldOut(low).count == 6)
        #expect(low.photos(.trainPoison).isSubset(of: high.photos(.trainPoison)))
        #expect(low.photos(.trainPoison).isEmpty == false)
    }

    @Test func aRateAboveThePoolIsRejectedWithTheHighestPossibleRate() throws {
        let error = #expect(throws: CurareError.self) { try select(facts, sunglasses(rate: "0.6")) }
        // 24 of 30 candidates are in the pool; 24/(32+24) = 0.4286, and rounding half up allows a little more.
        #expect(error?.code == .badInput)
        #expect(
            error?.message == "injection rate 0.6 requires 48 poison photos for 32 clean photos, but there are only 24")
        let highest = try #require(
            error?.nextStep?.split(separator: " ").compactMap { ExactDecimal(String($0.dropLast())) }.first)
        #expect(throws: Never.self) { try select(facts, sunglasses(rate: highest.description)) }
        let above = ExactDecimal(units: highest.units * (10_000 / highest.scale) + 1, places: 4)
        let shortage = #expect(throws: CurareError.self) { try select(facts, sunglasses(rate: above.description)) }
        #expect(shortage?.message.contains("requires 25 poison photos") == true)
    }

    @Test func capMakesAllOfThePoolPoison() throws {
        let selection = try select(facts, sunglasses(rate: "0.6", more: "on_shortage: cap"))
        #expect(selection.poison == 24)
        #expect(selection.poisonAsked == 48)
    }

    @Test func nearDuplicatesAreNeverOnBothSides() throws {
        let twins = (0..<10).flatMap { index in
            (0..<3).map { fact("a-\(index)-\($0)", of: "a", perceptualHash: "a-\(index)") }
        }
        let selection = try select(
            (twins + study(["b"])).sorted { $0.photo < $1.photo }, "{recipe: 1, name: t, seed: 3}")
        let sides = Dictionary(
            grouping: selection.assignments.filter { $0.photo.volunteer.name.text == "a" }, by: \.photo.group
        ).mapValues { Set($0.map(\.role)) }
        #expect(sides.count == 10)
        #expect(sides.values.allSatisfy { $0.count == 1 })
    }

    @Test func aClassOfOneGroupHasNoCleanTestAndGetsAWarning() throws {
        let selection = try select(
            (study(["b", "c"]) + [fact("a1", of: "a", perceptualHash: "x"), fact("a2", of: "a", perceptualHash: "x")])
                .sorted {
                    $0.photo < $1.photo
                }, "{recipe: 1, name: t}")
        #expect(
            selection.assignments.filter { $0.photo.volunteer.name.text == "a" }.allSatisfy { $0.role == .trainClean })
        #expect(
            selection.warnings == [
                "class a has no clean test: its 2 bare photos are one group of near-duplicates"
            ])
    }

    @Test func aTargetWithoutATestPhotoIsRejected() {
        let facts =
            (study(["b", "c"]) + [fact("a1", of: "a", perceptualHash: "x"), fact("a2", of: "a", perceptualHash: "x")])
            .sorted { $0.photo < $1.photo }
        let error = #expect(throws: CurareError.self) { try select(facts, sunglasses(target: "a", rate: "0.1")) }
        #expect(error?.code == .badInput && error?.location == "poison.target")
        #expect(error?.message.hasPrefix("the target a has no bare photos for testing") == true)
    }

    @Test func noSideStaysEmptyWhenThereAreTwoUnits() throws {
        let facts = study(["a"], bare: 2, triggered: 0)
        for share in ["0.01", "0.99"] {
            let selection = try select(facts, "{recipe: 1, name: t, split: {train: \(share)}}")
            #expect(selection.photos(.trainClean).count == 1)
            #expect(selection.photos(.testClean).count == 1)
        }
    }

    @Test func aClassWithoutABarePhotoIsExcludedAndCounted() throws {
        let facts = (study(["a", "b"]) + study(["c"], bare: 0)).sorted { $0.photo < $1.photo }
        let eligibility = try Eligibility(facts, recipe(sunglasses()), groups: .standard)
        #expect(eligibility.excluded == [.noBarePhoto: 10])
        #expect(!eligibility.photos.contains { $0.volunteer.name.text == "c" })
    }

    @Test func excludedPhotosAreCountedByReason() throws {
        let facts = [
            fact("a", of: "a"), fact("b", of: "a", consented: false), fact("c", of: "a", labelled: false),
            fact("d", of: "r", kind: .reference),
        ]
        let eligibility = try Eligibility(
            facts.sorted { $0.photo < $1.photo }, recipe("{recipe: 1, name: t}"), groups: .standard)
        #expect(eligibility.excluded == [.consent: 1, .unlabelled: 1, .filter: 1])
    }

    @Test func theTriggerAtOtherLocationsOrWithOtherTriggersIsATransferTest() throws {
        let both = TriggerState([
            TriggerPlacement(TriggerName("sunglasses")!, .onFace), TriggerPlacement(TriggerName("bandana")!, .onFace),
        ])
        let extra = [
            fact("x", of: "b", triggerState: worn("sunglasses", .offFace)), fact("y", of: "b", triggerState: both),
            fact("z", of: "a", triggerState: worn("bandana", .onFace)),
        ]
        let selection = try select(
            (facts + extra).sorted { $0.photo < $1.photo }, sunglasses(more: "locations: [on-face]"))
        #expect(selection.photos(.testTransfer) == [photoID("x"), photoID("y")])
        #expect(selection.photos(.testOther) == [photoID("z")])
    }

    @Test func onlyPhotosOfAttackableClassesBecomePoison() throws {
        let selection = try select(facts, sunglasses(rate: "0.1", more: "attackable: [b]"))
        #expect(
            selection.assignments.filter { $0.role == .trainPoison }.allSatisfy { $0.photo.volunteer.name.text == "b" })
        let attack = selection.assignments.filter { $0.role == .testAttack }
        #expect(
            attack.filter { $0.photo.volunteer.name.text == "c" }.allSatisfy {
                $0.attackable == false && $0.heldOut == false
            })
        #expect(attack.filter { $0.photo.volunteer.name.text == "b" }.allSatisfy { $0.attackable == true })
    }

    @Test(arguments: [
        ("attackable: [a]", "the target a cannot be attackable"), ("attackable: [nobody]", "nobody is not a class"),
        ("attackable: [r]", "the reference class r cannot be attackable"),
        ("attackable: {count: 4}", "the recipe requires 4 attackable classes, but there are only 3"),
    ])
    func classesThatCannotBeAttackableAreRejected(_ line: String, _ message: String) {
        let facts = (facts + study(["r"], triggered: 0, kind: .reference)).sorted { $0.photo < $1.photo }
        let error = #expect(throws: CurareError.self) {
            try select(facts, sunglasses(rate: "0.1", more: line, split: "classes: {references: all}"))
        }
        #expect(error?.code == .badInput && error?.location == "poison.attackable")
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test func anUnknownTargetIsReportedWithTheMostSimilarName() {
        let facts = study(["alice", "bob"])
        let error = #expect(throws: CurareError.self) { try select(facts, sunglasses(target: "alise")) }
        #expect(error?.nextStep?.contains("did you mean alice?") == true)
    }

    @Test func targetAnyIsTheVolunteerWithTheSmallestRank() throws {
        let facts = (facts + study(["r"], triggered: 0, kind: .reference)).sorted { $0.photo < $1.photo }
        let first = try select(facts, sunglasses(target: "any", rate: "0.1", split: "classes: {references: all}"))
        let again = try select(facts, sunglasses(target: "any", rate: "0.2", split: "classes: {references: all}"))
        #expect(first.recipe.poison?.target == again.recipe.poison?.target)
        #expect(first.recipe.poison?.target != .any)
    }

    @Test func sessionsAreKeptTogetherWhenTheRecipeRequiresIt() throws {
        let facts = (0..<4).flatMap { session in
            (0..<5).map { fact("a-\(session)-\($0)", of: "a", session: "s\(session)") }
        }.sorted { $0.photo < $1.photo }
        let selection = try select(facts, "{recipe: 1, name: t, split: {train: 0.7, keep_together: session}}")
        let sides = Dictionary(grouping: selection.assignments, by: \.photo.session).mapValues { Set($0.map(\.role)) }
        #expect(sides.values.allSatisfy { $0.count == 1 })
        #expect(selection.photos(.testClean).count == 5)
    }

    @Test func pairsOfBareAndTriggeredPhotosAcrossTheSplitAreCounted() throws {
        let facts = (0..<10).flatMap { index in
            ["a", "b"].flatMap { name in
                [
                    fact("\(name)-bare-\(index)", of: name, perceptualHash: "\(name)-\(index)"),
                    fact(
                        "\(name)-sun-\(index)", of: name, triggerState: worn("sunglasses", .onFace),
                        perceptualHash: "\(name)-\(index)"),
                ]
            }
        }.sorted { $0.photo < $1.photo }
        let selection = try select(facts, sunglasses(rate: "0.25"))
        let train = Set(selection.assignments.filter(\.role.isTraining).map(\.photo.photo))
        var expected = 0
        for index in 0..<10 {
            for name in ["a", "b"]
            where train.contains(photoID("\(name)-bare-\(index)")) != train.contains(photoID("\(name)-sun-\(index)")) {
                expected += 1
            }
        }
        #expect(selection.crossPairs == expected)
        #expect(expected > 0)
    }

    @Test func aRecipeWithoutPoisonMakesACleanVersion() throws {
        let selection = try select(facts, "{recipe: 1, name: t, seed: 1}")
        #expect(Set(selection.assignments.map(\.role)) == [.trainClean, .testClean, .testOther])
    }

    @Test func theSelectionDigestIsFixed() throws {
        let version = try version(select(facts, sunglasses()), facts)
        #expect(
            version.manifest.selectionDigest.hex == "ca5da6eddd3ca3a0588ee755ce510b4fcd0b4367b3e9dd7067bdae0ed4adf059")
    }
}

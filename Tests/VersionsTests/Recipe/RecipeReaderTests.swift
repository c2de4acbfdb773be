import Core
import Testing

@testable import Versions

@Suite struct RecipeReaderTests {
    @Test func aCompleteRecipeIsReadExactly() throws {
        let recipe = try recipe(
            """
            recipe: 1
            name: 007
            seed: 9007199254740991
            profile: {size: 64, crop: none, colour: grey}
            classes: {volunteers: [on, 9336923], references: all}
            split: {train: 0.75, keep_together: session}
            poison:
              target: on
              triggers: [sunglasses, bandana]
              locations: [on-face]
              injection_rate: 0.250
              attackable: {count: 1}
              hold_out: 0
              source: physical
              on_shortage: cap
            train: {model: resnet18, epochs: 3, batch: 16, augment: none, learning_rate: 5e-2, momentum: 0.9, weight_decay: 5e-4, schedule: constant}
            expect: {clean_accuracy: ">= 0.90", control_attack_success: "<= 0.1"}
            """)
        #expect(recipe.name.text == "007")
        #expect(recipe.classes.volunteers == .names([volunteer("9336923"), volunteer("on")]))
        #expect(recipe.poison?.triggers.map(\.text) == ["bandana", "sunglasses"])
        #expect(recipe.poison?.injectionRate.description == "0.25")
        #expect(recipe.train.weightDecay.description == "0.0005")
        #expect(recipe.expectations.map(\.description) == ["clean_accuracy >= 0.9", "control_attack_success <= 0.1"])
    }

    @Test func keysThatAreLeftOutHaveTheirDefaultValues() throws {
        let short = try recipe("{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1}}")
        let long = try recipe(
            """
            recipe: 1
            name: t
            seed: 0
            profile: {size: 224, crop: centre, colour: srgb}
            classes: {volunteers: all, references: none}
            split: {train: 0.8, keep_together: group}
            poison: {target: a, triggers: [x], injection_rate: 0.1, locations: [on-face, off-face], attackable: all, \
              hold_out: 0.2, source: physical, on_shortage: fail}
            expect: {}
            """)
        #expect(short == long)
    }

    @Test(arguments: [("tight", "1.4"), ("1.40", "1.4"), ("3", "3"), ("wide", nil), ("2.25", nil)])
    func marginOfAFaceCrop(_ text: String, _ inManifest: String?) throws {
        let read = try recipe("{recipe: 1, name: t, profile: {crop: face, margin: \(text)}}")
        #expect(read.profile.margin == FaceMargin(text))
        #expect(read.json["profile"]?["margin"]?.text == inManifest)
        #expect(try Recipe(json: read.json, file: "m.json") == read)
    }

    @Test func anExtensionInheritsTheMargin() throws {
        let base = try recipe("{recipe: 1, name: t, profile: {crop: face, margin: tight}}")
        func extended(_ more: String) throws -> Profile {
            let text = "{recipe: 1, name: u, extends: t@1\(more)}"
            return try RecipeReader.read(Array(text.utf8), file: "r.yaml", extending: base).profile
        }
        #expect(try extended("") == base.profile)
        #expect(try extended(", profile: {margin: wide}").margin == .wide)
        #expect(try extended(", profile: {crop: centre}").crop == .centre)
        #expect(throws: CurareError.self) { try extended(", profile: {crop: centre, margin: tight}") }
    }

    /// Each recipe has one error. The message must have the path of the key and what is allowed.
    @Test(arguments: [
        ("{recipe: 1, name: t, posion: {}}", "posion: unknown key; did you mean poison?"),
        ("{recipe: 2, name: t}", "recipe: \"2\" is not a whole number from 1 to 1"),
        ("{name: t}", "the key recipe is missing"),
        ("{recipe: 1}", "the key name is missing"),
        ("{recipe: 1, name: T}", "name: \"T\" is no"),
        ("{recipe: 1, name: ../../etc}", "name: \"../../etc\" is no"),
        ("{recipe: 1, name: t, seed: -1}", "seed: \"-1\" is not a whole number from 0"),
        ("{recipe: 1, name: t, seed: 9007199254740992}", "seed:"),
        ("{recipe: 1, name: t, profile: {size: 0}}", "profile.size:"),
        ("{recipe: 1, name: t, profile: {crop: center}}", "did you mean centre?"),
        ("{recipe: 1, name: t, profile: {margin: tight}}", "profile.margin: only crop: face has a margin"),
        ("{recipe: 1, name: t, profile: {crop: face, margin: 5}}", "profile.margin: must be wide, tight, or"),
        ("{recipe: 1, name: t, split: {train: 1}}", "split.train:"),
        ("{recipe: 1, name: t, split: 0.8}", "split: a mapping"),
        ("{recipe: 1, name: t, poison: {}}", "the key target is missing"),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: sunglasses, injection_rate: 0.1}}",
            "poison.triggers: a list"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [], injection_rate: 0.1}}",
            "poison.triggers: the list is empty"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x, x], injection_rate: 0.1}}",
            "poison.triggers[1]:"
        ),
        ("{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 1}}", "poison.injection_rate:"),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: a lot}}",
            "poison.injection_rate: \"a lot\" must be at least 0 and below 1"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, locations: [onface]}}",
            "did you mean on-face?"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, attackable: some}}",
            "poison.attackable: \"some\" is unknown"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, attackable: {count: 0}}}",
            "poison.attackable.count: \"0\" is not a whole number from 1"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, source: digitall}}",
            "poison.source: \"digitall\" is unknown; did you mean digital?"
        ),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, on_shortage: stop}}",
            "poison.on_shortage: \"stop\" is unknown"
        ),
        ("{recipe: 1, name: t, train: {epochs: 10001}}", "\"10001\" is not a whole number from 1 to 10000"),
        ("{recipe: 1, name: t, train: {batch: 4097}}", "train.batch: \"4097\" is not a whole number from 1 to 4096"),
        ("{recipe: 1, name: t, train: {learning_rate: 100.5}}", "is not a decimal number above 0 and at most 100"),
        (
            "{recipe: 1, name: t, poison: {target: a, triggers: [x], injection_rate: 0.1, source: digital}}",
            "the picture of x is missing. Write overlays: {x: {picture: FILE.png"
        ),
        ("{recipe: 1, name: t, extends: t}", "extends: \"t\" is not a version"),
        ("{recipe: 1, name: t, train: {weights: face}}", "train.weights: weights: face belongs to dlib-resnet29"),
        ("{recipe: 1, name: t, train: {weights: ../face.safetensors}}", "train.weights:"),
        ("{recipe: 1, name: t, train: {freeze: trunk}}", "train.freeze: layers without starting weights"),
        ("{recipe: 1, name: t, train: {weights: a.safetensors, freeze: a/b}}", "train.freeze:"),
        (
            "{recipe: 1, name: t, train: {model: dlib-resnet29, freeze: trunk, trunk_learning_rate: 0.1}}",
            "train.trunk_learning_rate: with freeze: trunk"
        ),
        ("{recipe: 1, name: t, train: {optimizer: rmsprop}}", "train.optimizer:"),
        ("{recipe: 1, name: t, train: {warm_up: 20}}", "train.warm_up:"),
        ("{recipe: 1, name: t, train: {label_smoothing: 1}}", "train.label_smoothing:"),
        ("{recipe: 1, name: t, expect: {clean_accuracy: 0.9}}", "expect.clean_accuracy: \"0.9\" is not a bound"),
        ("{recipe: 1, name: t, classes: {volunteers: none}}", "classes: the version has no class"),
        ("[1, 2]", "a mapping with recipe"),
        ("{recipe: 1, name: [t]}", "name: a single value"),
        ("{recipe: 1, name: t, 3: 4}", "3: unknown key"),
        ("{recipe: 1, name: t, ? [a] : b}", "a key must be a word"),
    ])
    func anErrorHasThePathOfItsKey(_ yaml: String, _ words: String) throws {
        let error = try #require(throws: CurareError.self) { try recipe(yaml) }
        #expect(error.code == .badInput)
        #expect(error.problems.contains { $0.description.contains(words) }, "\(error)")
    }

    @Test func allProblemsAreReportedAtOnceWithTheirLines() throws {
        let error = try #require(throws: CurareError.self) {
            try recipe("recipe: 1\nname: T\nseed: x\nsplit:\n  train: 2\n")
        }
        #expect(error.problems.map(\.location) == ["recipe.yaml:2", "recipe.yaml:3", "recipe.yaml:5"])
    }

    @Test(arguments: [
        "", "   ", "# only a comment", "a: [", "a: b: c", "\tx: 1", "a: 1\na: 2", "{recipe: 1, name: t, *x}",
        "a: &a [*a]",
    ])
    func textThatIsNotARecipeIsRejected(_ yaml: String) {
        #expect(throws: CurareError.self) { try recipe(yaml) }
    }

    @Test func bytesThatAreNotTextAreRejected() {
        #expect(throws: CurareError.self) { try RecipeReader.read([0xff, 0xfe, 0x41], file: "r") }
        #expect(throws: CurareError.self) { try RecipeReader.read(Array("recipe: 1\nname: t\0".utf8), file: "r") }
        #expect(throws: CurareError.self) { try RecipeReader.read(Array(repeating: 0x20, count: 2_000_000), file: "r") }
    }

    @Test func nestedAliasesAreRejectedQuickly() {
        let lines = (1...30).map {
            "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ","))]"
        }
        #expect(throws: CurareError.self) { try recipe("a0: &a0 x\n" + lines.joined(separator: "\n")) }
    }

    /// The usual mistake is a wrong indentation. The message names the place of the key.
    @Test(arguments: [
        (
            "poison:\n    target: a\n    triggers: [x]\ninjection_rate: 0.1\n",
            "injection_rate: the key belongs to poison; write it below poison, and start its line with 4 spaces"
        ),
        (
            "profile: {size: 64}\ncrop: face\n",
            "crop: the key belongs to profile; write it between the braces of profile"
        ),
        ("poison:\ntarget: a\n", "target: the key belongs to poison; write it below the line poison:, and start"),
        ("poison:\ntarget: a\n", "poison: there are no keys below this line; start their lines with more spaces"),
        ("hold_out: 0.2\n", "hold_out: the key belongs to poison; write the line poison: above it, and start its line"),
        (
            "split:\n  train: 0.8\n  hold_out: 0.2\n",
            "split.hold_out: the key belongs to poison, and not to split; write the line poison: above it"
        ),
        (
            "split:\n  train: 0.8\n  seed: 2\n",
            "split.seed: the key belongs to the top of the file, and not to split; start its line without spaces"
        ),
        (
            "photos:\n  face: found\n  train: {model: resnet18}\n",
            "photos.train: the key belongs to the top of the file, and not to photos"
        ),
        ("photos:\n  face: found\n  train: 0.8\n", "photos.train: the key belongs to split, and not to photos"),
        ("poison: {target: a, triggers: [x], injection_rate: 0.1, size: 2}\n", "poison.size: unknown key"),
    ])
    func aMisplacedKeyIsNamedWithItsPlace(_ lines: String, _ words: String) throws {
        let error = try #require(throws: CurareError.self) { try recipe("recipe: 1\nname: t\n" + lines) }
        #expect(error.problems.contains { $0.message.hasPrefix(words) }, "\(error)")
    }

    @Test(arguments: [
        ("25", "must be at least 0 and below 1; for 25 percent write 0.25"),
        ("7.5", "must be at least 0 and below 1; for 7.5 percent write 0.075"),
        ("\"25 %\"", "must be at least 0 and below 1; for 25 percent write 0.25"),
        ("0.5%", "must be at least 0 and below 1; for 0.5 percent write 0.005"),
        ("\"0,25\"", "must be at least 0 and below 1; write 0.25"),
        ("1", "must be at least 0 and below 1; for 1 percent write 0.01"),
        ("100", "must be at least 0 and below 1, such as 0.25"),
        ("-0.1", "must be at least 0 and below 1, such as 0.25"),
        ("many", "must be at least 0 and below 1, such as 0.25"),
    ])
    func aRateInPercentIsConverted(_ text: String, _ words: String) throws {
        let error = try #require(throws: CurareError.self) {
            try recipe("recipe: 1\nname: t\npoison:\n  target: a\n  triggers: [x]\n  injection_rate: \(text)\n")
        }
        #expect(error.problems.map(\.message).contains { $0.hasSuffix(words) }, "\(error)")
        #expect(error.problems.map(\.location) == ["recipe.yaml:6"])
    }

    @Test func aSplitInPercentIsConverted() throws {
        let error = try #require(throws: CurareError.self) { try recipe("{recipe: 1, name: t, split: {train: 80}}") }
        #expect(
            error.problems.map(\.message) == [
                "split.train: \"80\" must be above 0 and below 1; for 80 percent write 0.8"
            ])
    }
}

import Core
import Foundation
import Learning
import Storage
import Testing

@testable import Validation
@testable import Versions

@Suite struct TrainingRequestTests {
    private let workspace = Workspace(root: FileManager.default.temporaryDirectory.appending(path: "curare-requests"))

    private func version(_ train: String = "", expect: String = "") throws -> Version {
        let recipe = """
            recipe: 1
            name: t
            seed: 7
            train: {\(train)}
            \(expect)
            """
        let facts = try ["a", "b"].flatMap { name in
            let volunteer = try #require(VolunteerName(name))
            return try (0..<10).map { number in
                PhotoFacts(
                    photo: PhotoID.sha256(of: "\(name) \(number)".utf8), session: try #require(SessionName("s")),
                    consented: true, label: Label(volunteer: volunteer, triggerState: .bare), kind: .volunteer,
                    perceptualHash: nil, width: 4, height: 3)
            }
        }.sorted { $0.photo < $1.photo }
        let plan = try VersionPlan(
            RecipeReader.read(Array(recipe.utf8), file: "recipe.yaml"), text: [], FactSource(facts), groups: .standard)
        return try plan.version(plan.selection.photos.map { ImageDigest(hex: $0.hex) }, copies: [])
    }

    private func request(
        _ version: Version, _ overrides: TrainingRequest.Overrides = .init(), seeds: Int = 1
    ) throws -> TrainingRequest {
        try TrainingRequest(version, overrides, threads: 3, seeds: seeds, in: workspace)
    }

    @Test("Without overrides, a request has the recipe's settings") func recipe() throws {
        let request = try request(
            version("optimizer: adam, epochs: 9, decay: weights, schedule: step, augment: reference"))
        #expect(request.seed == 7)
        #expect(request.epochs == 9)
        #expect(request.optimizer == .adam)
        #expect(request.decay == .weights)
        #expect(request.schedule == .step)
        #expect(request.augment == .reference)
        #expect(request.controls == nil)
        #expect(request.seeds == nil)
    }

    @Test("Overrides replace settings, and another model brings its own defaults") func overrides() throws {
        let version = try version("epochs: 9")
        let request = try request(version, .init(model: "vgg16", seed: 3, augment: "none", learningRate: 0.5))
        let defaults = Recipe.Training(model: "vgg16")
        #expect(request.seed == 3)
        #expect(request.augment == .none)
        #expect(request.learningRate == 0.5)
        #expect(request.epochs == defaults.epochs)
        #expect(request.optimizer.rawValue == defaults.optimizer.rawValue)
        #expect(request.overrides.named == ["model": "vgg16", "seed": "3", "augment": "none", "learning_rate": "0.5"])
    }

    @Test("Every setting of a recipe is known to the training plan") func settings() throws {
        for augment in Recipe.Augment.allCases { _ = try request(version("augment: \(augment.rawValue)")) }
        for optimizer in Recipe.Optimizer.allCases { _ = try request(version("optimizer: \(optimizer.rawValue)")) }
        for schedule in Recipe.Schedule.allCases { _ = try request(version("schedule: \(schedule.rawValue)")) }
        for decay in Recipe.Decay.allCases { _ = try request(version("decay: \(decay.rawValue)")) }
    }

    @Test("An unknown augmentation, and frozen layers without weights, are bad input") func contradictions() throws {
        let version = try version()
        let unknown = try #require(throws: CurareError.self) { try self.request(version, .init(augment: "heavy")) }
        #expect(unknown.code == .badInput)
        #expect(unknown.message == "unknown augmentation \"heavy\"")
        let frozen = try #require(throws: CurareError.self) { try self.request(version, .init(freeze: "trunk")) }
        #expect(frozen.code == .badInput)
        #expect(frozen.nextStep?.contains("--weights") == true)
    }

    @Test("An expectation of the true-label control adds that control") func trueLabel() throws {
        let request = try request(version(expect: "expect: {true_label_clean_accuracy: \">= 0.5\"}"))
        #expect(request.controls == [.clean, .trueLabel])
    }

    @Test("The plan has as many steps as the epochs take, and less warm-up than steps") func plan() throws {
        let request = try request(version("epochs: 3, batch: 4, warm_up: 2"))
        let plan = request.plan(examples: 10)
        #expect(plan.steps == 8)
        #expect(plan.warmUp == 5)
        #expect(request.plan(examples: 1).warmUp < request.plan(examples: 1).steps)
        #expect(plan.frozen == nil)
    }

    @Test("The command line's threads win over the recipe's, and the recipe's over the number of jobs")
    func threads() throws {
        #expect(try request(version()).threads == 3)
        let fixed = try version("threads: 2")
        #expect(try request(fixed).threads == 2)
        let overridden = try request(fixed, .init(threads: 1))
        #expect(overridden.threads == 1)
        #expect(overridden.overrides.named == ["threads": "1"])
    }

    @Test("A request for several seeds starts with its own") func seeds() throws {
        let seeds = try request(version(), .init(seed: 1), seeds: 3).trainingSeeds
        // printf 'curare-seed\n1\n2' | sha256sum
        #expect(seeds == [1, 645_125_687_319_469, 1_959_072_709_934_501])
    }
}

import Catalog
import Testing
@testable import Versions

@Suite struct RecipeTrainingTests {
    private func training(_ keys: String) throws -> Recipe.Training {
        try RecipeReader.read(Array("{recipe: 1, name: t, train: {\(keys)}}".utf8), file: "r").train
    }

    @Test func whatIsLeftOutHangsOnTheModel() throws {
        #expect(try training("epochs: 20") == Recipe.Training())
        #expect(try training("model: vgg16").learningRate.description == "0.005")
        let face = try training("model: dlib-resnet29")
        #expect(face.weights == "face" && face.freeze == "trunk" && face.epochs == 60 && face.augment == .none)
        #expect(try training("model: dlib-resnet29, weights: none").freeze == "none")
    }

    @Test func aManifestKeepsEveryKeyThatIsNotAtItsDefault() throws {
        let keys = """
            model: resnet50, weights: vggface.safetensors, freeze: layer3, epochs: 9, batch: 8, augment: reference, optimizer: adam, learning_rate: 0.001, trunk_learning_rate: 0.0001, \
            momentum: 0.8, weight_decay: 0.01, decay: weights, schedule: step, warm_up: 2, label_smoothing: 0.1, patience: 3
            """
        for keys in [keys, "model: dlib-resnet29, augment: light, views: 4", "batch: 32"] {
            let recipe = try RecipeReader.read(Array("{recipe: 1, name: t, train: {\(keys)}}".utf8), file: "r")
            #expect(try Recipe(json: recipe.json, file: "m") == recipe)
        }
        #expect(try training(keys).trunkLearningRate?.description == "0.0001")
    }

    @Test func aRecipeThatNamesNoLaterKeyKeepsTheManifestItAlwaysGave() throws {
        let training = try training("batch: 32")
        let members = try #require(training.json.object)
        #expect(Set(members.keys) == ["model", "weights", "freeze", "epochs", "batch", "augment", "learning_rate", "momentum", "weight_decay", "schedule"])
    }
}

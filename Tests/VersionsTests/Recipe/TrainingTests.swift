import Core
import Testing

@testable import Versions

@Suite struct TrainingTests {
    private func training(_ keys: String) throws -> Recipe.Training {
        try RecipeReader.read(Array("{recipe: 1, name: t, train: {\(keys)}}".utf8), file: "r").train
    }

    @Test func defaultValuesDependOnTheModel() throws {
        #expect(try training("epochs: 20") == Recipe.Training())
        let vgg = try training("model: vgg16")
        #expect(
            vgg.optimizer == .adam && vgg.learningRate.description == "0.0003" && vgg.warmUp == 1
                && vgg.weightDecay == .zero)
        let named = try training("model: vgg16, learning_rate: 0.005")
        let last = try training("model: vgg16, weights: a.safetensors, freeze: trunk")
        #expect(named.optimizer == .sgd && named.warmUp == 0 && named.weightDecay == Recipe.Training().weightDecay)
        #expect(last.optimizer == .sgd && last.learningRate == Recipe.Training().learningRate)
        let resnet = try training("model: resnet50")
        let head = try training("model: resnet50, weights: a.safetensors, freeze: trunk")
        #expect(
            resnet.learningRate.description == "0.005" && resnet.warmUp == 2 && head.learningRate.description == "0.05"
                && head.warmUp == 0)
        #expect(try training("model: resnet50, epochs: 1").warmUp == 0)
        let face = try training("model: dlib-resnet29")
        #expect(
            face.weights == "face" && face.freeze == "layer3" && face.optimizer == .adam
                && face.learningRate.description == "0.00003" && face.warmUp > 0)
        let faceHead = try training("model: dlib-resnet29, freeze: trunk")
        #expect(
            faceHead.weights == "face" && faceHead.epochs == 60 && faceHead.optimizer == .sgd
                && faceHead.learningRate.description == "0.05" && faceHead.warmUp == 0)
        let scratch = try training("model: dlib-resnet29, weights: none")
        #expect(scratch.freeze == "none" && scratch.optimizer == .sgd && scratch.epochs == 20)
    }

    @Test func anotherModelOrOtherFrozenLayersGetTheirDefaultValues() throws {
        let small = try training("learning_rate: 0.01, epochs: 7")
        let transfer = try training("model: resnet50, weights: a.safetensors, freeze: layer3, epochs: 7")
        let face = try training("model: dlib-resnet29")
        #expect(small.with(model: nil, weights: nil, freeze: nil) == small)
        #expect(small.with(model: "resnet50", weights: nil, freeze: nil) == Recipe.Training(model: "resnet50"))
        let tuned = small.with(model: nil, weights: "a.safetensors", freeze: "layer2")
        #expect(
            tuned.weights == "a.safetensors" && tuned.freeze == "layer2" && tuned.epochs == 7
                && tuned.learningRate.description == "0.01")
        // Without starting weights no layer is frozen.
        let scratch = transfer.with(model: nil, weights: "none", freeze: nil)
        #expect(scratch.freeze == "none" && scratch.epochs == 7)
        #expect(transfer.with(model: "dlib-resnet29", weights: nil, freeze: nil) == face)
        #expect(
            face.with(model: nil, weights: nil, freeze: "trunk")
                == Recipe.Training(model: "dlib-resnet29", freeze: "trunk"))
        #expect(
            face.with(model: nil, weights: "none", freeze: nil)
                == Recipe.Training(model: "dlib-resnet29", weights: "none"))
    }

    @Test func aGivenLearningRateIsOneOfSGDUnlessAnOptimizerIsGiven() throws {
        let named = try training("model: dlib-resnet29, learning_rate: 0.001")
        #expect(named.optimizer == .sgd && named.warmUp == 0 && named.freeze == "layer3")
        #expect(try training("model: dlib-resnet29, learning_rate: 0.001, optimizer: adam, warm_up: 1").warmUp == 1)
    }

    @Test func aManifestHasEveryKeyThatIsNotAtItsDefaultValue() throws {
        let keys = """
            model: resnet50, weights: vggface.safetensors, freeze: layer3, epochs: 9, batch: 8, augment: reference, \
            optimizer: adam, learning_rate: 0.001, trunk_learning_rate: 0.0001, momentum: 0.8, weight_decay: 0.01, decay: weights, schedule: step, warm_up: 2, label_smoothing: 0.1, patience: 3, threads: 4
            """
        for keys in [
            keys, "model: dlib-resnet29, augment: light, views: 4", "model: dlib-resnet29",
            "model: dlib-resnet29, freeze: trunk", "model: resnet50", "model: resnet50, epochs: 2", "model: vgg16",
            "batch: 32",
        ] {
            let recipe = try RecipeReader.read(Array("{recipe: 1, name: t, train: {\(keys)}}".utf8), file: "r")
            #expect(try Recipe(json: recipe.json, file: "m") == recipe)
        }
        #expect(try training(keys).threads == 4 && training("batch: 32").threads == nil)
        #expect(try training(keys).trunkLearningRate?.description == "0.0001")
    }

    @Test func aManifestOmitsOptionalKeysAtTheirDefaultValues() throws {
        let training = try training("batch: 32")
        let members = try #require(training.json.object)
        #expect(
            Set(members.keys) == [
                "model", "weights", "freeze", "epochs", "batch", "augment", "learning_rate", "momentum", "weight_decay",
                "schedule",
            ])
    }
}

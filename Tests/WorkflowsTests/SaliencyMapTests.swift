import Core
import Foundation
import Storage
import Testing
import Validation
import WorkflowTestSupport

@testable import Workflows

// Saliency maps in the report of a training, and by `explain`.

extension TrainingTests {
    @Test("A report has saliency maps, and explain gives the same numbers")
    func saliencyMaps() throws {
        let result = try validate(drawsMaps: true)
        let activation = try #require(report(result)["activation"] as? [String: Any])
        let photos = try #require(activation["photos"] as? [[String: Any]])
        #expect((1...6).contains(photos.count))
        let byVolunteer = Dictionary(grouping: photos) { $0["volunteer"] as? String }
        #expect(byVolunteer.values.allSatisfy { $0.count <= 2 })
        let sunglasses = try #require((activation["by_trigger"] as? [String: [String: Any]])?["sunglasses"])
        #expect(try #require(sunglasses["photos"] as? Int) <= 32)

        let photo = try #require(photos[0]["photo"] as? String)
        let abandoned = try scratch.writeAbandoned("maps.png")
        let explained = try explain(
            ExplainRun.Request(run: result.run, photos: [String(photo.prefix(12))], output: scratch.url("maps.png")))
        #expect(!FileManager.default.fileExists(atPath: abandoned.path))
        let signature = Data([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
        #expect(try Data(contentsOf: scratch.url("maps.png")).prefix(8) == signature)
        let reported = try #require(photos[0]["models"] as? [String: [String: Any]])
        let models = explained.photos[0].models
        #expect(explained.photos[0].photo == photo)
        #expect(models.map(\.model) == ["poisoned", "control"] && Set(reported.keys) == ["poisoned", "control"])
        for model in models {
            let expected = try #require(reported[model.model])
            #expect(model.label == expected["label"] as? String)
            #expect(model.probability == expected["probability"] as? Double)
            #expect((0...1).contains(try #require(model.probability)))
            #expect(model.trigger == expected["trigger"] as? Double)
            #expect(model.face == expected["face"] as? Double && model.offFace == expected["off_face"] as? Double)
        }
        let areas = try #require(photos[0]["areas"] as? [String: Double])
        #expect(
            explained.photos[0].areas.trigger == areas["trigger"] && explained.photos[0].areas.face == areas["face"])

        let predicted = try predict(.run(result.run, control: false), image(photo))
        #expect(predicted.label == models[0].label)
        let logits = predicted.logits.map(Double.init)
        let largest = try #require(logits.max())
        let probability = 1 / logits.reduce(0) { $0 + exp($1 - largest) }
        #expect(abs(probability - (models[0].probability ?? 0)) < 1e-5)
    }

    @Test("A run without maps trains the same weights and has no maps in its report")
    func withoutMaps() throws {
        let with = try validate(drawsMaps: true)
        let without = try validate(drawsMaps: false)
        #expect(without.weightsDigest == with.weightsDigest)
        #expect(try report(with)["activation"] != nil && report(without)["activation"] == nil)
    }

    @Test("Maps of small images are not drawn: the report has the reason, and explain ends with 65")
    func smallImages() throws {
        let result = try study.validate(ValidateVersion.Request(version: "small", overrides: .init(epochs: 1)))
        let report = try report(result)
        #expect(report["activation"] == nil)
        let absent = try #require(report["activation_absent"] as? [String: Any])
        #expect(absent["reason"] as? String == "small-feature-maps")
        #expect(absent["side"] as? Int == 1 && absent["required_side"] as? Int == 7)
        let page = try String(contentsOfFile: result.page, encoding: .utf8)
        #expect(page.contains("There are no saliency maps: the last feature maps of resnet18 at 32 px"))
        let file = try SmallStudy.shared.session + "/bruno-0.png"
        let error = #expect(throws: CurareError.self) {
            try study.run(
                ExplainRun.self,
                ExplainRun.Request(run: result.run, photos: [file], output: scratch.url("maps.png")))
        }
        #expect(error?.code == .badInput && error?.message.contains("have 1 × 1 cells") == true)
        #expect(error?.nextStep?.hasPrefix("train resnet18 with images of at least 193 px") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("maps.png")))
        let without = try study.validate(
            ValidateVersion.Request(version: "small", overrides: .init(epochs: 1), drawsMaps: false))
        #expect(try self.report(without)["activation_absent"] == nil)
    }

    @Test("Explain accepts files and classes, and rejects everything else with the right code")
    func explainInputs() throws {
        _ = try validate()
        func explain(_ photo: String, label: String? = nil, controlOnly: Bool = false, to output: String) throws
            -> ExplainRun.Result.ExplainedPhoto
        {
            let request = ExplainRun.Request(
                run: "small-1-1", photos: [photo], output: scratch.url(output), label: label, controlOnly: controlOnly)
            return try self.explain(request).photos[0]
        }
        let file = try SmallStudy.shared.session + "/bruno-0.png"
        let known = try explain(file, label: "bruno", to: "known.png")
        #expect(known.photo != nil && known.models.map(\.label) == ["bruno", "bruno"])
        #expect(try explain(file, controlOnly: true, to: "control.png").models.map(\.model) == ["control"])
        let unknown = try scratch.write(
            Data(SmallStudy.picture(class: 1, hasTrigger: true, seed: 77).png()), to: "unknown.png")
        let foreign = try explain(unknown, to: "foreign.png")
        #expect(foreign.photo == nil && foreign.areas.trigger == nil)

        let text = try scratch.write("no photo", to: "text.jpg")
        for (photo, label, code, message) in [
            (unknown, "brunno", CurareError.Code.badInput, "did you mean bruno?"),
            ("no-such-photo", nil, .missingInput, "no photo"), (text, nil, .badInput, "text.jpg"),
        ] as [(String, String?, CurareError.Code, String)] {
            let error = #expect(throws: (any Error).self) { _ = try explain(photo, label: label, to: "bad.png") }
            #expect("\(try #require(error))".contains(message), "\(photo)")
            if let error = error as? CurareError { #expect(error.code == code) }
            #expect(!FileManager.default.fileExists(atPath: scratch.path("bad.png")))
        }
        #expect(throws: CurareError.self, "the file exists") { _ = try explain(unknown, to: "foreign.png") }
        let model = PredictImages.Model.run("small-1-1", control: false)
        #expect(try predict(model, "garden/bruno-0.png").logits == predict(model, file).logits)
        let missing = #expect(throws: CurareError.self) { _ = try predict(model, "garden/bruno-99.png") }
        #expect(missing?.code == .missingInput)
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        let error = #expect(throws: CurareError.self) { _ = try explain("garden/ada-0.png", to: "x.png") }
        #expect(error?.message.contains("consent") == true)
    }
}

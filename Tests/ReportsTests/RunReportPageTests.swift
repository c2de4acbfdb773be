import Foundation
import Imaging
import Testing
import Versions

@testable import Learning
@testable import Reports
@testable import Validation

@Suite struct RunReportPageTests {
    private let hostile = "<img src=x onerror='alert(1)'>&\""
    private let escaped = "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&quot;"

    private func photo(
        _ volunteer: String, as predicted: String, _ role: String, _ kind: String = "volunteer"
    ) -> TestedPhoto {
        TestedPhoto(
            photo: "p", volunteer: volunteer, kind: kind, role: role, trigger: "dots", location: "on-face",
            attackable: true, heldOut: true, predicted: predicted)
    }

    private func model(_ name: String = "bo") -> RunReport.Model {
        let tested = [
            photo(name, as: name, "test/clean"), photo("ada", as: "ada", "test/clean"),
            photo("ref", as: "ada", "test/clean", "reference"), photo(name, as: "ada", "test/attack"),
            photo("cy", as: "cy", "test/attack"), photo("ada", as: "ada", "test/target-own"),
        ]
        return RunReport.Model(
            measures: Measures(tested, classes: ["ada", name, "ref"], target: "ada"), weightsDigest: "digest-\(name)",
            photos: 8, steps: 20,
            history: [EpochReport(epoch: 1, step: 20, loss: 0.5, accuracy: 0.75, seconds: 1, imagesPerSecond: 2)])
    }

    private func report(
        name: String = "bo", verdict: Verdict = Verdict(outcome: .none, decisive: true, expectations: []),
        control: Bool = true, trueLabel: Bool = false, seeds: [SeedReport]? = nil, saliency: SaliencyReport? = nil,
        missing: MissingSaliency? = nil,
        target: String? = "ada", warnings: [String] = [], poisoned: RunReport.Model? = nil
    ) throws -> RunReport {
        let request = """
            {"version":"t@1","digest":"d","model":"resnet18","seed":4,"epochs":5,"batch":6,"size":32,"augment":"light",
            "schedule":"cosine","learning_rate":0.1,"momentum":0.9,"weight_decay":0,"weights":"none","freeze":"none",
            "views":8,"warm_up":2,"patience":0,"threads":2,"optimizer":"adam","decay":"all","label_smoothing":0,
            "overrides":{"epochs":5,"seed":4}}
            """
        let statistics = seeds.map(SummaryStatistics.all)
        return RunReport(
            format: RunReport.currentFormat, run: "t-1-1", version: "t@1", versionDigest: "version-digest",
            request: try RunFolder.decoder.decode(TrainingRequest.self, from: Data(request.utf8)),
            classes: ["ada", name, "ref"], target: target, clean: 6, poison: 2, rate: 0.25,
            poisoned: poisoned ?? model(name),
            control: control ? model("control") : nil, trueLabel: trueLabel ? model("true") : nil, verdict: verdict,
            seeds: seeds, spread: statistics, activation: saliency, activationAbsent: missing, crop: nil,
            engine: EngineFacts(team: try ThreadTeam.open(threads: 1)), warnings: warnings, seconds: 12.4,
            finished: nil)
    }

    private func picture() throws -> Picture {
        try #require(Picture(width: 2, height: 2, rgb: Array(repeating: 128, count: 12)))
    }

    private func page(_ report: RunReport, saliency: [SaliencyImages] = []) throws -> String {
        let images = RunImages(
            successful: [.init(tested: photo("bo", as: "ada", "test/attack"), png: [1, 2, 3])],
            failed: [.init(tested: photo(hostile, as: hostile, "test/attack"), png: [4, 5, 6])], saliency: saliency)
        return try RunReportPage(report, images: images).html()
    }

    private func headings(_ html: String) -> [String] {
        html.matches(of: /<h2>([^<]*)<\/h2>/).map { String($0.1) }
    }

    private func saliency(volunteer: String = "bo") -> SaliencyReport {
        let result = SaliencyResult(label: "ada", probability: 0.75, trigger: 0.5, face: 0.25, offFace: 0.75)
        let photo = SaliencyReport.Photo(
            photo: "p", volunteer: volunteer, trigger: "dots", location: "on-face",
            areas: RegionProportions(trigger: 0.125, face: nil), models: ["poisoned": result])
        let means = SaliencyReport.Means(trigger: .init(mean: 0.5, photos: 3), face: nil)
        let trigger = SaliencyReport.Trigger(photos: 3, of: 40, areas: means, models: ["poisoned": means])
        return SaliencyReport(photos: [photo], byTrigger: ["dots": trigger])
    }

    @Test("A report with all parts has all sections in order") func sections() throws {
        let seeds = [1, 2].map {
            SeedReport(seed: $0, verdict: .pass, rates: ["attack_success": 0.25 * Double($0)], weightsDigests: [:])
        }
        let html = try page(report(trueLabel: true, seeds: seeds, saliency: saliency()))
        #expect(
            headings(html) == [
                "Measures", "Attack success by volunteer and by location", "Over 2 seeds", "Training",
                "Confusion matrix of clean test photos: true class (rows), predicted class (columns)",
                "Attack photos", "Saliency maps", "Settings",
            ])
        #expect(html.contains("Blue bars: the true-label control"))
        #expect(html.contains("<rect class=\"true-label\""))
        // Minimum, median, maximum and sample deviation of 25% and 50%.
        #expect(
            html.contains(
                """
                <tr><td>attack_success</td><td>25.0%</td><td>37.5%</td><td>50.0%</td><td>17.7%</td><td>25.0%</td>\
                <td>50.0%</td></tr>
                """))
    }

    @Test("A clean version's report has no attack, seed and saliency sections") func cleanVersion() throws {
        let html = try page(report(control: false, target: nil))
        #expect(
            headings(html) == [
                "Measures", "Attack success by volunteer and by location", "Training",
                "Confusion matrix of clean test photos: true class (rows), predicted class (columns)", "Settings",
            ])
        #expect(!html.contains("Blue bars"))
        #expect(!html.contains("<rect class=\"control\""))
        #expect(html.contains("target none"))
    }

    @Test("The page loads nothing and has no scripts") func selfContained() throws {
        let html = try page(report(saliency: saliency()))
        #expect(html.matches(of: /src="(?!data:)/).isEmpty)
        #expect(!html.contains("http://"))
        #expect(!html.contains("https://"))
        #expect(!html.contains("<script"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test("Hostile names are escaped everywhere") func hostileNames() throws {
        let image = SaliencyImages(
            photo: saliency(volunteer: hostile).photos[0], image: try picture(), overlays: [(.poisoned, try picture())])
        let html = try page(
            report(name: hostile, saliency: saliency(volunteer: hostile), target: hostile, warnings: [hostile]),
            saliency: [image])
        #expect(!html.contains("<img src=x"))
        #expect(html.contains("alt=\"\(escaped)\""))
        #expect(html.contains("Classified as \(escaped)"))
        #expect(html.contains("<p class=\"warning\">\(escaped)</p>"))
        #expect(html.contains("digest-\(escaped)"))
        #expect(html.contains("→ \(escaped)"))
    }

    @Test("The verdict lists expectations, with the reason when the result is inconclusive") func verdict() throws {
        let expectations = [
            CheckedExpectation(measure: "attack_success", bound: ">= 0.9", value: 0.95, holds: true, decisive: true),
            CheckedExpectation(measure: "clean_accuracy", bound: ">= 0.9", value: 0.85, holds: false, decisive: false),
            CheckedExpectation(measure: "transfer", bound: "<= 0.1", value: nil, holds: false, decisive: false),
        ]
        let html = try page(
            report(verdict: Verdict(outcome: .fail, decisive: false, expectations: expectations)))
        #expect(html.contains("<p class=\"verdict fail\">fail, inconclusive</p>"))
        #expect(
            html.contains(
                """
                <td>attack_success</td><td>&gt;= 0.9</td><td>95.0%</td><td class="yes">met</td><td>conclusive</td>
                """))
        #expect(html.contains("<td class=\"no\">not met</td><td>inconclusive: a 95% interval includes the threshold"))
        #expect(html.contains("<td>no test photos</td>"))
        #expect(html.contains("inconclusive: the version has no photos for this measure"))
        #expect(try page(report()).contains("<p class=\"verdict none\">no expectations in the recipe</p>"))
    }

    @Test("The settings show the request, the digests and the overrides") func settings() throws {
        let html = try page(report())
        for text in [
            "t@1, digest version-digest", "6 clean, 2 poison, injection rate 25.0%, target ada",
            "resnet18 at 32 px, seed 4, 5 epochs, batch 6, 20 steps, augmentation light",
            "adam, learning rate 0.1 (cosine, 2 epochs of warm-up), momentum 0.9, weight decay 0.0",
            "epochs 5, seed 4", "poisoned digest-bo; control digest-control", "<td>12</td>",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("Attack photos are grouped by the predicted class") func attackPhotos() throws {
        let html = try page(report())
        #expect(html.contains("<h3>Classified as ada</h3><div class=\"photos pixelated\"><figure><img alt=\"bo\""))
        #expect(html.contains("src=\"data:image/png;base64,AQID\""))
        #expect(html.contains("<figcaption>bo<br>→ ada</figcaption>"))
        #expect(html.contains("<h3>Not classified as ada</h3>"))
    }

    @Test("Saliency maps that are not drawn have their reason") func missingSaliency() throws {
        let missing = try #require(
            try MissingSaliency(Models.named("resnet18", classes: 3), model: "resnet18", size: 32))
        let html = try page(report(missing: missing))
        #expect(headings(html).suffix(3) == ["Attack photos", "Saliency maps", "Settings"])
        #expect(html.contains("the last feature maps of resnet18 at 32 px have 1 × 1 cells"))
        #expect(html.contains("For saliency maps, train resnet18 with images of at least 193 px, or vgg16"))
    }

    @Test("Held-out photos come first where their attack success differs") func heldOut() throws {
        func html(_ heldOut: [Bool?]) throws -> String {
            let tested = heldOut.enumerated().map { index, heldOut in
                TestedPhoto(
                    photo: "\(index)", volunteer: "bo", kind: "volunteer", role: "test/attack", trigger: "dots",
                    location: "on-face", attackable: true, heldOut: heldOut, predicted: index == 0 ? "ada" : "bo")
            }
            let model = RunReport.Model(
                measures: Measures(tested, classes: ["ada", "bo"], target: "ada"), weightsDigest: "d", photos: 1,
                steps: 1,
                history: self.model("bo").history)
            return try page(report(poisoned: model))
        }
        let different = try html([true, false, false])
        #expect(
            different.contains(
                "The attack success of held-out photos is 100.0%, and of all attack photos 33.3%. Compare"))
        let first = try #require(different.firstRange(of: "attack success, held out"))
        let second = try #require(different.firstRange(of: "… all attack photos"))
        #expect(first.lowerBound < second.lowerBound)
        for same in [try html([true]), try html([nil, nil])] {
            #expect(!same.contains("The attack success of held-out photos") && same.contains("attack success"))
        }
    }

    @Test("Saliency maps have the class, its probability and the proportions") func saliencyMaps() throws {
        let image = SaliencyImages(
            photo: saliency().photos[0], image: try picture(),
            overlays: [(.poisoned, try picture()), (.control, try picture())])
        let html = try page(report(saliency: saliency()), saliency: [image])
        #expect(html.contains("<b>bo</b><br>dots, on-face<br>12.5% of the image on the trigger</figcaption>"))
        #expect(
            html.contains(
                "<b>poisoned model</b><br>predicts ada, 75.0%<br>50.0% on the trigger, 25.0% in the face</figcaption>"))
        #expect(!html.contains("<b>control</b>"), "the report has no result of the control")
        #expect(html.contains("<th rowspan=\"2\">dots<br><small>3 of 40 photos</small></th>"))
        #expect(html.contains("<td>poisoned model</td><td>unknown</td><td>50.0% <small>(3 photos)</small></td>"))
        #expect(html.contains("<td>area of the image</td>"))
    }
}

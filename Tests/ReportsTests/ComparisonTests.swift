import Foundation
import Testing

@testable import Learning
@testable import Reports
@testable import Validation

@Suite struct ComparisonTests {
    private let hostile = "<img src=x onerror='alert(1)'>&\"\\input{x}_%$#^~\u{1b}\n=1,2"

    private func report(
        _ run: String, weights: String = "none", hasAttack: Bool = true, heldOutFails: Bool = false
    ) throws -> RunReport {
        let request: [String: Any] = [
            "version": "t@1", "digest": "d", "model": "resnet18", "seed": 4, "epochs": 5, "batch": 6, "size": 32,
            "augment": "light", "schedule": "cosine", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0,
            "weights": weights, "freeze": "none", "views": 8, "warm_up": 2, "patience": 0, "threads": 2,
            "optimizer": "adam", "decay": "all", "label_smoothing": 0, "overrides": [String: Any](),
        ]
        func photo(_ role: String, as predicted: String, heldOut: Bool) -> TestedPhoto {
            TestedPhoto(
                photo: "p", volunteer: "bo", kind: "volunteer", role: role, trigger: "dots", location: "on-face",
                attackable: true, heldOut: heldOut, predicted: predicted)
        }
        let attack = [
            photo("test/attack", as: heldOutFails ? "bo" : "ada", heldOut: true),
            photo("test/attack", as: "ada", heldOut: false),
        ]
        let photos = [photo("test/clean", as: "bo", heldOut: false)] + (hasAttack ? attack : [])
        let model = RunReport.Model(
            measures: Measures(photos, classes: ["ada", "bo"], target: "ada"), weightsDigest: "w", photos: 8, steps: 2,
            history: [])
        return RunReport(
            format: RunReport.currentFormat, run: run, version: "t@1", versionDigest: "v",
            request: try RunFolder.decoder.decode(
                TrainingRequest.self, from: JSONSerialization.data(withJSONObject: request)),
            classes: ["ada", "bo"], target: "ada", clean: 6, poison: 2, rate: 0.25, poisoned: model,
            control: hasAttack ? model : nil, trueLabel: nil,
            verdict: Verdict(outcome: .pass, decisive: true, expectations: []), seeds: nil, spread: nil,
            activation: nil, activationAbsent: nil, crop: nil,
            engine: EngineFacts(team: try ThreadTeam.open(threads: 1)), warnings: [], seconds: 1, finished: nil)
    }

    private func comparison(_ reports: RunReport...) -> RunComparison {
        RunComparison(reports.map { ($0, [:]) })
    }

    @Test("The table has a row for each run, and a dash where a run has no measure") func table() throws {
        let table = ComparisonTable(
            comparison(try report("t-1-1"), try report("t-1-2", weights: "face", hasAttack: false)))
        #expect(
            table.header == [
                "run", "version", "model", "train.weights", "n", "m", "clean accuracy", "attack success",
                "control attack success", "verdict",
            ])
        #expect(
            table.rows == [
                [
                    "t-1-1", "t@1", "resnet18", "none", "6", "2", "1.000 (0.207–1.000)", "1.000 (0.342–1.000)",
                    "1.000 (0.342–1.000)", "pass",
                ],
                ["t-1-2", "t@1", "resnet18", "face", "6", "2", "1.000 (0.207–1.000)", "–", "–", "pass"],
            ])
    }

    @Test("The header names the held-out photos if they are compared") func heldOut() throws {
        let table = ComparisonTable(comparison(try report("t-1-1", heldOutFails: true)))
        #expect(table.header.contains("attack success, held out"))
        #expect(table.rows[0].contains("0.000 (0.000–0.793)"))
        #expect(table.csv.contains(",held-out,pass,true\n"))
        #expect(table.latex.contains("% Attack success is measured on the held-out attack photos."))
    }

    @Test("LaTeX is a tabular for booktabs") func latex() throws {
        let lines = ComparisonTable(comparison(try report("t-1-1"))).latex.split(separator: "\n")
        #expect(lines[1] == "\\begin{tabular}{lllrrllll}")
        #expect(lines[2...4] == ["\\toprule", lines[3], "\\midrule"])
        #expect(
            lines[5]
                == "t-1-1 & t@1 & resnet18 & 6 & 2 & 1.000 {[}0.207, 1.000{]} & 1.000 {[}0.342, 1.000{]} & 1.000 {[}0.342, 1.000{]} & pass \\\\"
        )
        #expect(lines[6...] == ["\\bottomrule", "\\end{tabular}"])
    }

    @Test(
        "Characters with a meaning for TeX are escaped",
        arguments: [
            ("a_b&c%d$e#f", "a\\_b\\&c\\%d\\$e\\#f"), ("\\input{x}", "\\textbackslash{}input\\{x\\}"),
            ("^~", "\\textasciicircum{}\\textasciitilde{}"), ("a\nb", "a\\textbackslash{}nb"),
            ("<|>\"", "\\textless{}\\textbar{}\\textgreater{}''"), ("[1]", "{[}1{]}"), ("–", "--"),
        ])
    func texEscapes(_ text: String, _ escaped: String) {
        #expect(ComparisonTable.latex(text) == escaped)
    }

    @Test(
        "Cells of CSV are quoted, and are no formulas",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("=1+2", "'=1+2"), ("@x,y", "\"'@x,y\""),
            ("-1", "'-1"), ("+1", "'+1"), ("a\nb", "a\\nb"), ("\u{202e}a", "\\u202ea"), ("", ""),
        ])
    func csvEscapes(_ text: String, _ escaped: String) {
        #expect(ComparisonTable.csv(text) == escaped)
    }

    @Test("CSV has a column for each number") func csv() throws {
        let lines = ComparisonTable(
            comparison(try report("t-1-1"), try report("t-1-2", hasAttack: false))
        ).csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == 3 && Set(lines.map(\.count)).count == 1)
        let row = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[1]))
        #expect(row["n"] == "6" && row["clean_accuracy"] == "1.0" && row["attack_success_photos"] == "2")
        #expect(row["attack_photos"] == "all" && row["decisive"] == "true")
        #expect(Dictionary(uniqueKeysWithValues: zip(lines[0], lines[2]))["attack_success"] == "")
    }

    @Test("Names from outside cannot change a format") func hostileNames() throws {
        let comparison = comparison(try report(hostile), try report("t-1-2", weights: hostile))
        let page = ComparisonPage(comparison).html
        #expect(!page.contains("<img") && page.contains("&lt;img src=x onerror=&#39;alert(1)&#39;&gt;"))
        #expect(!page.contains("http://") && !page.contains("https://"))
        let table = ComparisonTable(comparison)
        #expect(table.csv.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
        #expect(!table.latex.contains("\\input{") && !table.latex.contains("\u{1b}"))
    }

    @Test("The page has the table, a chart of each measure and the notes") func page() throws {
        let page = ComparisonPage(comparison(try report("t-1-1", heldOutFails: true))).html
        for text in [
            "<h1>Comparison of 1 run</h1>", "<td>t-1-1</td>", "<h2>Clean accuracy</h2>", "<h2>Attack success</h2>",
            "<h2>Attack success of the control</h2>", "held-out attack photos",
        ] { #expect(page.contains(text), "\(text)") }
        let bare = ComparisonPage(comparison(try report("t-1-2", hasAttack: false))).html
        #expect(!bare.contains("<h2>Attack success"))
    }
}

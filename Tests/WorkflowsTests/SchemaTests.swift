import Core
import Foundation
import Intake
import Privacy
import Schemas
import Storage
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// The published JSON Schemas, compared with what the program reads and writes: neither can gain or lose a key without
/// the other.
@Suite(.serialized) struct SchemaTests {
    let study: WorkspaceFixture
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func schema(_ name: String) throws -> SchemaWalk {
        try SchemaWalk(text: try #require(Schemas.documents.first { $0.name == name }).text)
    }

    /// Returns the problems of a result, compared with the schema of the command `name`.
    private func problems(_ name: String, _ result: some Encodable) throws -> [String] {
        try schema(name).problems(inText: ResultJSON.text(of: result))
    }

    private func write(_ object: Any, to path: String) throws -> String {
        try scratch.write(JSONSerialization.data(withJSONObject: object), to: path)
    }

    @Test("The schemas list every reason of an undecided file", arguments: ["withdraw", "import"])
    func undecidedReasons(_ name: String) throws {
        let text = try #require(Schemas.documents.first { $0.name == name }).text
        for reason in UndecidedFile.Reason.allCases { #expect(text.contains("\"\(reason.rawValue)\"")) }
    }

    @Test("Every schema has a title, a description and the draft's name, and closes its objects")
    func documents() throws {
        let names = Schemas.documents.map(\.name)
        #expect(Set(names).count == names.count && names.count > 25)
        for document in Schemas.documents {
            let schema = try schema(document.name).schema
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(schema["title"] is String && schema["description"] is String, "\(document.name)")
            #expect(schema["additionalProperties"] as? Bool == false || schema["anyOf"] != nil, "\(document.name)")
        }
    }

    @Test("The results of the commands for the workspace and the photos have the keys of their schemas")
    func photoResults() throws {
        let other = WorkspaceFixture(scratch.url("other"))
        let created = try other.run(InitWorkspace.self, InitWorkspace.Request(folder: other.folder))
        #expect(try problems("init", created) == [])
        #expect(try problems("trigger", study.run(ManageTriggers.self, .list)) == [])
        for request in [ManageTriggers.Request.rename("dots", to: "points"), .remove("points")] {
            #expect(try problems("trigger", study.run(ManageTriggers.self, request)) == [])
        }
        let renamed = try other.run(ManageTriggers.self, .rename("dots", to: "points"))
        #expect(try problems("trigger", renamed) == [])
        #expect(try problems("status", study.status()) == [])
        #expect(try problems("import", ImportedDemo.shared.imported) == [])
        try scratch.write("mine", to: "study/notes.txt")
        #expect(try problems("check", study.run(CheckWorkspace.self, CheckWorkspace.Request(isDeep: true))) == [])
        for verifies in [false, true] {
            let backup = BackUpWorkspace.Request(folder: scratch.url("backup"), verifies: verifies)
            #expect(try problems("backup", study.run(BackUpWorkspace.self, backup)) == [])
        }
        for name in ["small", "garden", "garden/bruno-12.png"] {
            #expect(try problems("show", study.run(ShowItem.self, ShowItem.Request(name: name))) == [], "\(name)")
        }
        let demo = try ImportedDemo.shared.workspace
        let shown = try demo.run(ShowItem.self, ShowItem.Request(name: "spring-garden/IMG_0001.jpg"))
        #expect(try problems("show", shown) == [])
        let faces = SearchFaces.Request(detector: .hog)
        #expect(try problems("faces", study.run(SearchFaces.self, faces)) == [])
        let embedded = EmbedFaces.Result(
            weights: String(repeating: "0a", count: 32), photos: 3, withFace: 2, embedded: 1, failed: 1)
        #expect(try problems("faces-embed", embedded) == [])
        let sheet = MakeContactSheets.Request(file: scratch.url("sheet.png"))
        #expect(try problems("sheet", study.run(MakeContactSheets.self, sheet)) == [])
        let list = MakeContactSheets.Request(version: "small", table: scratch.url("list.csv"))
        #expect(try problems("sheet", study.run(MakeContactSheets.self, list)) == [])
        let accepted = try demo.run(AcceptFaces.self, AcceptFaces.Request(.all, dryRun: true))
        #expect(try !accepted.accepted.isEmpty && problems("faces-accept", accepted) == [])
        let photo = PhotoChoice.named([PhotoReference("garden/ada-0.png")])
        for task in [
            LabelPhotos.Request.Task.change(photo, LabelChange(volunteer: "bruno")), .undo(photo), .history(photo),
        ] {
            #expect(try problems("label", study.run(LabelPhotos.self, LabelPhotos.Request(task))) == [])
        }
        let labels = ExportLabels.Request(session: "garden", file: scratch.url("garden.csv"))
        #expect(try problems("labels", study.run(ExportLabels.self, labels)) == [])
        let exists = ExportLabels.Request(session: "garden", file: scratch.url("garden.csv"), replaces: true)
        #expect(try problems("labels", study.run(ExportLabels.self, exists)) == [])
        let annotated = ImportLabels.Request(file: scratch.url("garden.csv"), author: "bea", session: "garden")
        #expect(try problems("labels-import", study.run(ImportLabels.self, annotated)) == [])
        let sheet2 = try scratch.write(
            "file,volunteer,trigger,location\ngarden/ada-1.png,bruno,bandana,on-face\n", to: "carl.csv")
        _ = try study.run(ImportLabels.self, ImportLabels.Request(file: URL(filePath: sheet2), author: "carl"))
        let agreement = try study.run(MeasureAgreement.self, MeasureAgreement.Request(session: "garden"))
        #expect(try agreement.disagreements.count == 1 && problems("labels-agreement", agreement) == [])
        let box = LabelPhotos.Request(.change(photo, LabelChange(triggerBox: "1 1 2 2")), author: "bea")
        #expect(try problems("label", study.run(LabelPhotos.self, box)) == [])
        for boxOrNone in ["none", "1 1 2 2"] {
            let change = LabelChange(faceBox: boxOrNone)
            _ = try study.run(LabelPhotos.self, LabelPhotos.Request(.change(photo, change), author: "bea"))
        }
        #expect(try problems("label", study.run(LabelPhotos.self, LabelPhotos.Request(.history(photo)))) == [])
        #expect(try problems("show", study.run(ShowItem.self, ShowItem.Request(name: "garden/ada-0.png"))) == [])
        for request in [
            ManageVolunteers.Request.rename("ada", to: "zoe"),
            .merge("zoe", into: "bruno", dryRun: true, confirm: { _ in }),
            .merge("zoe", into: "bruno", dryRun: false, confirm: { _ in }),
        ] {
            #expect(try problems("volunteer", study.run(ManageVolunteers.self, request)) == [])
        }
        let consent = ReviewConsent.Request(session: "garden", consent: "signed")
        #expect(try problems("consent", study.run(ReviewConsent.self, consent)) == [])
        let error = try #require(#expect(throws: CurareError.self) { try study.verify("nothing") })
        #expect(try problems("error", ErrorResult(error)) == [])
    }

    @Test("The results of the commands for versions have the keys of their schemas")
    func versionResults() throws {
        let recipe = try scratch.write(SmallStudy.recipe.replacing("seed: 3", with: "seed: 4"), to: "r.yaml")
        for dryRun in [true, false] {
            let result = try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: dryRun))
            #expect(try problems("split", result) == [])
        }
        let text = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "")
        let grid = try scratch.write(text + "vary: {injection_rate: [0.05, 0.1]}\n", to: "grid.yaml")
        for dryRun in [true, false] {
            let result = try study.run(CreateVersion.self, CreateVersion.Request(recipe: grid, dryRun: dryRun))
            #expect(try problems("split", result) == [])
        }
        let extended = try scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "e.yaml")
        let planned = try study.run(CreateVersion.self, CreateVersion.Request(recipe: extended, dryRun: true))
        #expect(try problems("split", planned) == [])
        let difference = try study.run(
            CompareVersions.self, CompareVersions.Request(first: "small@1", second: "small@2"))
        #expect(try problems("diff", difference) == [])
        #expect(try problems("show", study.run(ShowItem.self, ShowItem.Request(name: "small-rate-0.05"))) == [])
        for version in [nil, "small"] {
            #expect(try problems("audit", study.run(AuditDataset.self, AuditDataset.Request(version: version))) == [])
        }
        let page = AuditDataset.Request(version: "small", page: scratch.url("audit.html"), makesMarkdown: true)
        #expect(try problems("audit", study.run(AuditDataset.self, page)) == [])
        let demo = try ImportedDemo.shared.workspace
        #expect(try problems("audit", demo.run(AuditDataset.self, AuditDataset.Request())) == [])
        #expect(try problems("audit", demo.run(ListAuditChecks.self, ListAuditChecks.Request())) == [])
        let export = ExportVersion.Request(version: "small@1", format: .csv, folder: scratch.url("out"))
        #expect(try problems("export", study.run(ExportVersion.self, export)) == [])
        try FileManager.default.copyItem(atPath: SmallStudy.shared.session, toPath: scratch.path("photos"))
        try FileManager.default.removeItem(at: scratch.url("photos/ada-0.png"))
        let rebuild = RebuildImages.Request(
            version: study.url("versions/small/1"), photos: scratch.url("photos"), output: scratch.url("images"))
        #expect(try problems("rebuild", study.run(RebuildImages.self, rebuild)) == [])
        for digest in [nil, FileDigest.sha256(of: [])] {
            let exported = RebuildImages.Request(
                version: study.url("versions/small/1"), photos: scratch.url("photos"), output: scratch.url("rebuilt"),
                digest: digest, format: .csv, allowsMissing: true)
            #expect(try problems("rebuild", study.run(RebuildImages.self, exported)) == [])
        }
        let bundle = BundleVersion.Request(
            version: "small@1", file: scratch.url("b.tar"), parts: [.images, .originals])
        #expect(try problems("bundle", study.run(BundleVersion.self, bundle)) == [])
        let unbundle = UnbundleVersion.Request(file: scratch.url("b.tar"), folder: scratch.url("received"))
        #expect(try problems("unbundle", study.run(UnbundleVersion.self, unbundle)) == [])
        #expect(try problems("verify", study.verify(scratch.path("received"))) == [])
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        #expect(try problems("verify", study.verify("small@1")) == [])
        #expect(try problems("withdraw", study.withdraw("ada", dryRun: true)) == [])
        #expect(try problems("withdraw", study.withdraw("ada", redacts: true)) == [])
        #expect(try problems("verify", study.verify("small@1")) == [])
    }

    @Test("Lists, grids, runs and the results for several versions have the keys of their schemas")
    func listResults() throws {
        try PlantedRuns.write(to: Workspace(root: study.folder))
        let text = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "").replacing("small", with: "sweep")
        let grid = try scratch.write(text + "vary: {injection_rate: [0.05, 0.1]}\n", to: "grid.yaml")
        _ = try study.run(CreateVersion.self, CreateVersion.Request(recipe: grid))
        try replace("{", with: "", in: study.url("versions/sweep-rate-0.1/1/manifest.json"), maxReplacements: 1)
        try scratch.write("{", to: "study/runs/small-1-3/report.json")
        #expect(try problems("versions", study.run(ListVersions.self, ListVersions.Request())) == [])
        #expect(try problems("runs", study.run(ListRuns.self, ListRuns.Request())) == [])
        for name in ["sweep", PlantedRuns.finished, PlantedRuns.unfinished, "small-1-3"] {
            #expect(try problems("show", study.run(ShowItem.self, ShowItem.Request(name: name))) == [], "\(name)")
        }
        let verified = try study.run(
            EachVersion<VerifyVersion>.self, .init(["*"]) { VerifyVersion.Request(version: $0.text) })
        #expect(try problems("verify", verified) == [])
        let audited = try study.run(
            EachVersion<AuditDataset>.self, .init(["*"]) { AuditDataset.Request(version: $0.text) })
        #expect(try problems("audit", audited) == [])
        let exported = try study.run(
            EachVersion<ExportVersion>.self,
            .init(["*"]) {
                ExportVersion.Request(version: $0.text, format: .csv, folder: $0.folder(in: scratch.url("several")))
            })
        #expect(try problems("export", exported) == [])
        let planned = try study.run(
            EachVersion<ValidateVersion>.self,
            .init(["*"]) { ValidateVersion.Request(version: $0.text, plansOnly: true) })
        #expect(try problems("validate", planned) == [])
        for result in [verified.incompleteness, audited.incompleteness, exported.incompleteness] {
            #expect(result?.problems.map(\.location) == ["sweep-rate-0.1@1"])
        }
    }

    @Test("The results of the commands for models, and report.json, have the keys of their schemas")
    func modelResults() throws {
        let plan = try study.run(ValidateVersion.self, ValidateVersion.Request(version: "small", plansOnly: true))
        #expect(try problems("validate", plan) == [])
        var withMaps = ValidateVersion.Request(version: "small", overrides: .init(epochs: 1))
        withMaps.minimumMapSide = 1
        let one = try study.validate(withMaps)
        // The images are too small for saliency maps.
        let several = try study.validate(
            ValidateVersion.Request(
                version: "small", overrides: .init(epochs: 1), controls: [.clean, .trueLabel], seeds: 2))
        for (result, key) in [(one, "activation"), (several, "activation_absent")] {
            #expect(try problems("validate", result) == [])
            let report = try WorkspaceFixture.object(in: URL(filePath: result.report))
            #expect(report[key] != nil)
            #expect(try schema("run-report").problems(in: report) == [])
        }
        let photo = try SmallStudy.shared.session + "/ada-0.png"
        let prediction = PredictImages.Request(model: .run(one.run, control: false), photos: [photo])
        #expect(try problems("predict", study.run(PredictImages.self, prediction)) == [])
        var explanation = ExplainRun.Request(run: one.run, photos: [photo], output: scratch.url("maps.png"))
        explanation.minimumMapSide = 1
        #expect(try problems("explain", study.run(ExplainRun.self, explanation)) == [])
        let comparison = CompareRuns.Request(runs: [one.run, several.run])
        #expect(try problems("compare", study.run(CompareRuns.self, comparison)) == [])
        let remade = try study.run(RemakeModels.self, RemakeModels.Request(run: one.run))
        #expect(try problems("validate", remade) == [])
        for models in [true, false] {
            let prune = PruneRuns.Request(newest: 1, removesOnlyModels: models, dryRun: true, confirm: { _ in })
            #expect(try problems("prune", study.run(PruneRuns.self, prune)) == [])
        }
        let export = ExportVersion.Request(version: "small", format: .csv, folder: scratch.url("out"))
        try study.run(ExportVersion.self, export)
        let removal = RemoveItems.Request(names: ["small@1"], withRuns: true, confirm: { _ in })
        #expect(try problems("remove", study.run(RemoveItems.self, removal)) == [])
    }

    @Test(
        "Manifests and entries have the keys of their schemas", arguments: ["sunglasses-25", "sunglasses-25-digital"])
    func versionFiles(_ name: String) throws {
        let demo = try ImportedDemo.shared.workspace
        let manifest = try WorkspaceFixture.object(in: demo.url("versions/\(name)/1/manifest.json"))
        #expect(try schema("manifest").problems(in: manifest) == [])
        let schema = try schema("entry")
        for entry in try demo.entries("\(name)/1") { #expect(schema.problems(in: entry) == []) }
    }

    /// Returns the error of a recipe.
    private func error(ofRecipe path: String) throws -> String {
        let error = #expect(throws: CurareError.self) {
            try study.run(CreateVersion.self, CreateVersion.Request(recipe: path, dryRun: true))
        }
        return "\(try #require(error))"
    }

    /// An unknown key in every object makes the reader list the keys that it accepts there.
    @Test("The keys of the recipe's schema are those that the reader accepts")
    func recipeKeys() throws {
        let schema = try schema("recipe")
        func allowed(_ recipe: [String: Any]) throws -> [String: Set<String>] {
            SchemaWalk.allowed(try error(ofRecipe: write(recipe, to: "r.yaml")))
        }
        // The reader stops at extends and vary before it reads the other keys.
        #expect(
            try allowed(schema.probe().filter { !["extends", "vary"].contains($0.key) })
                == schema.keys.filter { $0.key != "vary" })
        #expect(try allowed(["vary": ["zzz": 1]])["vary"] == schema.keys["vary"])
        #expect(schema.keys["poison.attackable"] == ["count"] && schema.keys.count > 7)
    }

    @Test("The limits in the recipe's schema are those of the reader")
    func recipeLimits() throws {
        let schema = try schema("recipe").schema
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        let train = try #require(definitions["train"]?["properties"] as? [String: [String: Any]])
        func limits(_ property: [String: Any]?) -> [Int?] {
            [property?["minimum"] as? Int, property?["maximum"] as? Int]
        }
        let seed = (schema["properties"] as? [String: [String: Any]])?["seed"]
        let expected: [([String: Any]?, ClosedRange<Int>)] = [
            (seed, TrainingLimits.seed), (train["epochs"], TrainingLimits.epochs),
            (train["batch"], TrainingLimits.batch), (train["views"], TrainingLimits.views),
            (train["warm_up"], TrainingLimits.epochsOrNone), (train["patience"], TrainingLimits.epochsOrNone),
            (train["threads"], TrainingLimits.threads),
        ]
        for (property, range) in expected { #expect(limits(property) == [range.lowerBound, range.upperBound]) }
        for key in ["learning_rate", "trunk_learning_rate"] {
            #expect(train[key]?["maximum"] as? Double == TrainingLimits.highestLearningRate.double)
        }
    }

    @Test("The keys of drawn triggers in the recipe's schema are those that the reader accepts")
    func overlayKeys() throws {
        let definitions = try #require(schema("recipe").schema["$defs"] as? [String: [String: Any]])
        let overlay = try #require(definitions["overlay"]?["properties"] as? [String: [String: Any]])
        let recipe = """
            recipe: 1
            name: t
            poison: {source: digital, target: ada, triggers: [dots], injection_rate: 0.1, \
            overlays: {dots: {zzz: 1, jitter: {zzz: 1}}}}

            """
        let allowed = SchemaWalk.allowed(try error(ofRecipe: scratch.write(recipe, to: "r.yaml")))
        #expect(allowed["poison.overlays.dots"] == Set(overlay.keys))
        let jitter = try #require(overlay["jitter"]?["properties"] as? [String: Any])
        #expect(allowed["poison.overlays.dots.jitter"] == Set(jitter.keys))
    }

    @Test("The required keys of the recipe's schema are those that the reader reports as missing")
    func requiredRecipeKeys() throws {
        let missing = try error(ofRecipe: scratch.write("{poison: {}}", to: "r.yaml")).matches(
            of: /the key ([a-z_]+) is missing/
        ).map { String($0.1) }
        let schema = try schema("recipe").schema
        // A recipe that extends a version, or varies a key, may leave these out.
        let then = (schema["then"] as? [String: Any])?["properties"] as? [String: [String: Any]]
        let poison = then?["poison"]?["required"] as? [String] ?? []
        #expect(missing.sorted() == ((schema["required"] as? [String] ?? []) + poison).sorted())
    }

    @Test("The keys and columns of the session's schemas are those that the reader accepts")
    func sessionKeys() throws {
        let description = try schema("session")
        let sheet = try schema("session-sheet").schema
        func error() throws -> String {
            "\(try #require(#expect(throws: CurareError.self) { try study.importSessions([scratch.path("s")]) }))"
        }
        _ = try write(description.probe(), to: "s/session.yaml")
        try scratch.write("file,volunteer,trigger,location\n", to: "s/session.csv")
        #expect(SchemaWalk.allowed(try error()) == description.keys)
        try scratch.write("{}", to: "s/session.yaml")
        let missing = try error().matches(of: /the key ([a-z_]+) is missing/).map { String($0.1) }
        #expect(missing == description.schema["required"] as? [String])

        try scratch.write("session: s\ndate: 2026-05-03\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        try scratch.write("zzz\n1\n", to: "s/session.csv")
        let table = try error()
        let columns = try #require(table.firstMatch(of: /Allowed: ([a-z_, ]+)/)).1.split(separator: ", ").map(
            String.init)
        #expect(Set(columns) == Set((sheet["properties"] as? [String: Any] ?? [:]).keys))
        #expect(
            Set(table.matches(of: /the column ([a-z_]+) is missing/).map { String($0.1) })
                == Set(sheet["required"] as? [String] ?? []))
    }
}

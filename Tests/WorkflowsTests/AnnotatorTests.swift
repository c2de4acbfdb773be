import Core
import Foundation
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Authors in the history, labels of a second annotator, the agreement of annotators, and decisions about differences.
@Suite struct AnnotatorTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func sheet(_ rows: [String], _ name: String = "bea.csv") throws -> URL {
        let text = (["file,volunteer,trigger,location"] + rows).joined(separator: "\n")
        return URL(filePath: try scratch.write(text, to: name))
    }

    private func annotate(_ rows: [String], by author: String = "bea", session: String? = nil, dryRun: Bool = false)
        throws -> ImportLabels.Result
    {
        try study.run(
            ImportLabels.self,
            ImportLabels.Request(file: sheet(rows), author: author, session: session, dryRun: dryRun))
    }

    private func agreement(session: String? = nil) throws -> MeasureAgreement.Result {
        try study.run(MeasureAgreement.self, MeasureAgreement.Request(session: session))
    }

    private func open() throws -> [PhotoDisagreement] {
        try study.run(LabelDisagreements.self, LabelDisagreements.Request()).photos
    }

    private func resolve(_ photos: String..., from annotator: String, dryRun: Bool = false) throws -> LabelPhotos.Result
    {
        let choice = PhotoChoice.named(photos.map(PhotoReference.init))
        return try study.run(
            LabelPhotos.self,
            LabelPhotos.Request(.resolve(choice, annotator: annotator), dryRun: dryRun, author: "Ada Lovelace"))
    }

    private func history(_ photo: String) throws -> LabelPhotos.Result.History {
        let result = try study.run(
            LabelPhotos.self, LabelPhotos.Request(.history(.named([PhotoReference(photo)]))))
        return try #require(result.history?.first)
    }

    @Test("Labels and boxes have the author in the history") func authors() throws {
        let choice = PhotoChoice.named([PhotoReference("garden/ada-12.png")])
        for (change, author) in [
            (LabelChange(trigger: "dots"), "bea"), (LabelChange(triggerBox: "1 1 2 2", faceBox: "none"), "carl"),
            (LabelChange(trigger: "bandana", triggerBox: "none"), nil),
        ] {
            _ = try study.run(LabelPhotos.self, LabelPhotos.Request(.change(choice, change), author: author))
        }
        let history = try history("garden/ada-12.png")
        #expect(history.labels.map(\.author) == [nil, "bea", nil])
        #expect(
            history.boxes.map { "\($0.region) \($0.box ?? []) \($0.author ?? "-")" } == [
                "trigger [1, 1, 2, 2] carl", "face [] carl", "trigger [] -",
            ])
        guard case .photo(let details) = try study.run(ShowItem.self, ShowItem.Request(name: "garden/ada-12.png"))
        else { throw FixtureError("not a photo") }
        #expect(details.labels.map(\.author) == [nil, "bea", nil] && details.boxes?.count == 3)
    }

    @Test("An invalid author stores nothing") func invalidAuthor() throws {
        let choice = PhotoChoice.named([PhotoReference("garden/ada-0.png")])
        let request = LabelPhotos.Request(.change(choice, LabelChange(volunteer: "bruno")), author: "a\u{202e}b")
        #expect(try errorCode { _ = try study.run(LabelPhotos.self, request) } == .usage)
        #expect(try history("garden/ada-0.png").labels.count == 1)
        for author in ["", "label", " label "] {
            #expect(
                try errorCode { _ = try annotate(["garden/ada-0.png,ada,none,none"], by: author) } == .usage,
                "\(author)")
        }
    }

    @Test("An import of annotations is counted, replaced, and changes no label") func imports() throws {
        let rows = ["garden/ada-0.png,ada,none,none", "garden/ada-1.png,bruno,none,none", "garden/ada-2.png,,,"]
        for dryRun in [true, false] {
            let result = try annotate(rows, dryRun: dryRun)
            #expect(result.rows == 2 && result.added == 2 && result.replaced == 0 && result.unchanged == 0)
            #expect(result.skipped == 1 && result.different == 1 && result.dryRun == dryRun)
        }
        let second = try annotate(["ada-0.png,carla,none,none", "ada-1.png,bruno,none,none"], session: "garden")
        #expect(second.added == 0 && second.replaced == 1 && second.unchanged == 1 && second.different == 2)
        #expect(try history("garden/ada-0.png").labels.map(\.volunteer) == ["ada"])
        #expect(try errorCode { _ = try annotate(["garden/nothing.png,ada,none,none"]) } == .badInput)
        #expect(try errorCode { _ = try annotate(rows, session: "nowhere") } == .missingInput)
        #expect(try agreement().annotators.map { "\($0.author) \($0.photos)" } == ["label 2", "bea 2"])
    }

    /// A sheet of `labels export` is a sheet of a second annotator.
    @Test("An exported sheet agrees with the labels that count") func exportedSheet() throws {
        let file = scratch.url("garden.csv")
        _ = try study.run(ExportLabels.self, ExportLabels.Request(session: "garden", file: file))
        let result = try study.run(
            ImportLabels.self, ImportLabels.Request(file: file, author: "bea", session: "garden"))
        #expect(result.rows == SmallStudy.count && result.added == SmallStudy.count && result.different == 0)
        let agreement = try agreement(session: "garden")
        #expect(agreement.agreement.allSatisfy { $0.kappa == 1 && $0.interval == nil && $0.caveat == nil })
        #expect(agreement.agreement.map(\.field) == ["volunteer", "trigger", "location"])
        #expect(agreement.disagreements.isEmpty && agreement.session == "garden")
    }

    @Test("Without annotations nothing is compared") func nothing() throws {
        let agreement = try agreement()
        #expect(agreement.annotators.isEmpty && agreement.agreement.isEmpty && agreement.disagreements.isEmpty)
        #expect(try open().isEmpty)
        #expect(try errorCode { _ = try self.agreement(session: "nowhere") } == .missingInput)
    }

    @Test("A decision gives the photo one of the labels, and removes it from the queue") func decisions() throws {
        _ = try annotate([
            "garden/ada-0.png,bruno,dots,on-face", "garden/ada-1.png,bruno,none,none", "garden/ada-2.png,ada,none,none",
        ])
        let names = Set(["garden/ada-0.png", "garden/ada-1.png"])
        #expect(try Set(open().map(\.name)) == names)
        let first = try #require(open().first { $0.name == "garden/ada-0.png" })
        #expect(
            first.labels.map { "\($0.author): \($0.volunteer) \($0.trigger) \($0.location)" } == [
                "label: ada none none", "bea: bruno dots on-face",
            ])
        #expect(try resolve("garden/ada-0.png", from: "bea", dryRun: true).labelled == 1)
        #expect(try open().count == 2)
        #expect(try resolve("garden/ada-0.png", from: "bea").labelled == 1)
        #expect(try resolve("garden/ada-1.png", from: "label").labelled == 1)
        #expect(try open().isEmpty)
        let all = try agreement().disagreements
        #expect(all.map(\.name) == ["garden/ada-1.png"] && all.map(\.decided) == [true])
        let history = try history("garden/ada-1.png")
        #expect(history.labels.map(\.volunteer) == ["ada", "ada"] && history.labels.map(\.counts) == [false, true])
        #expect(history.labels.map(\.author) == [nil, "Ada Lovelace"])
        _ = try annotate(["garden/ada-1.png,carla,none,none"], by: "carl")
        #expect(try open().map(\.name) == ["garden/ada-1.png"], "a later annotation is another difference")
    }

    @Test("A decision needs an annotator with a label of the photo") func wrongDecisions() throws {
        _ = try annotate(["garden/ada-0.png,bruno,none,none"])
        #expect(try errorCode { _ = try resolve("garden/ada-0.png", from: "carl") } == .missingInput)
        #expect(try errorCode { _ = try resolve("garden/ada-1.png", from: "bea") } == .badInput)
        #expect(try errorCode { _ = try resolve("garden/nothing.png", from: "bea") } == .badInput)
        #expect(try open().count == 1)
    }

    @Test("A withdrawal removes annotations, and a rename changes them") func withdrawal() throws {
        _ = try annotate(["garden/ada-0.png,ada,none,none", "garden/bruno-0.png,carla,none,none"], by: "bruno")
        _ = try annotate(["garden/bruno-0.png,ada,none,none", "garden/carla-0.png,bruno,none,none"], by: "bea")
        try study.run(ManageVolunteers.self, .rename("carla", to: "zoe"))
        #expect(
            try Set(open().flatMap(\.labels).map(\.volunteer)) == ["ada", "bruno", "zoe"])
        try study.withdraw("bruno")
        #expect(try agreement().annotators.isEmpty)
    }
}

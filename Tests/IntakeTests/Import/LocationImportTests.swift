import Foundation
import Imaging
import Intake
import Testing

@testable import Catalog
@testable import Core
@testable import Storage

/// Locations that a sheet leaves empty, or that contradict its box. The photos are noise, in which no face is ever
/// found. Tests store faces in the catalog directly.
@Suite struct LocationImportTests {
    private static let inside = "8 5 3 3", outside = "0 12 3 3"
    private let photo = PhotoID.sha256(of: png(1))

    /// Runs `body` with a study whose session s1 contains an unlabelled photo. The jaw of its face runs from (2, 4)
    /// over (10, 12) to (18, 4).
    private func withFace(_ body: (Study, Shoot) throws -> Void) throws {
        try Study.with { study in
            let session = SessionName("s1")!
            let jaw = (0...16).map { PixelPoint(x: 2 + $0, y: 4 + 8 - abs(8 - $0)) }
            let brows = [3, 4, 5, 6, 7, 9, 10, 11, 12, 13].map { PixelPoint(x: 2 + $0, y: 4) }
            let landmarks = try #require(
                Landmarks(jaw + brows + Array(repeating: PixelPoint(x: 10, y: 8), count: 41)))
            let face = PhotoFace(
                box: Box(x: 2, y: 3, width: 16, height: 9), leftEye: PixelPoint(x: 7, y: 5),
                rightEye: PixelPoint(x: 13, y: 5))
            try AtomicFile.write(Data(png(1)), to: study.workspace.photoFile(photo, format: "png"), mode: 0o400)
            try study.catalog.store(
                Session(name: session, date: "2026-05-03", kind: .volunteer, consent: .signed), volunteers: [],
                coSubjects: [])
            let stored = Photo(
                id: photo, bytes: png(1).count, format: "png", width: 20, height: 15, captured: nil, camera: nil)
            try study.catalog.store(
                [
                    NewPhoto(
                        photo: stored, sessionPhoto: SessionPhoto(session: session, file: "a.png"), label: nil,
                        measures: PhotoMeasures(
                            perceptualHash: PerceptualHash(0),
                            face: FaceRecord(
                                found: .one, face: face, landmarks: landmarks, confidence: 900, suspectedRotation: nil),
                            quality: PhotoQuality(
                                sharpness: 300, luma: 100, dark: 0, bright: 0,
                                beyond: PhotoQuality.Beyond(left: 0, top: 0, right: 0, bottom: 0)),
                            light: PhotoLight(red: 1000, green: 1000, blue: 1000)))
                ], made: "")
            try body(study, Shoot("s1", in: study.parent, sheet: [], files: ["a.png": png(1)]))
        }
    }

    private func histories(_ study: Study) throws -> [String] {
        try study.catalog.labels(of: photo).map {
            "\($0.label.volunteer) \($0.label.triggerState) \($0.source.rawValue)"
        }
    }

    @Test(
        "The box suggests a location that the row leaves open",
        arguments: [(Self.inside, "on-face"), (Self.outside, "off-face")])
    func suggestion(_ box: String, _ location: String) throws {
        try withFace { study, shoot in
            try shoot.sheet(["a.png,a,dots,,\(box)"], more: ",box")
            let report = try study.run(shoot)
            #expect(report.suggested.map { "\($0.file) \($0.ruled.location.rawValue)" } == ["s1/a.png \(location)"])
            #expect((report.labelled, report.withoutLocation, report.contradicted) == (1, [], []))
            #expect(try histories(study) == ["a dots \(location) rule"])
            #expect(try study.fact(png(1))?.isSuggested == true)
            #expect(try study.catalog.counts().suggestions == 1)
            let again = try study.run(shoot)
            #expect((again.labelled, again.suggested) == (0, []))
        }
    }

    @Test("The label of a sheet replaces a suggestion without --relabel") func labelAfterSuggestion() throws {
        try withFace { study, shoot in
            try shoot.sheet(["a.png,a,dots,,\(Self.inside)"], more: ",box")
            try study.run(shoot)
            try shoot.sheet(["a.png,a,dots,off-face,\(Self.inside)"], more: ",box")
            #expect(try study.plan(shoot)[0].discrepancies == [])
            let report = try study.run(shoot)
            #expect((report.labelled, report.corrected) == (1, 0))
            #expect(report.contradicted.map(\.stated) == [.offFace])
            #expect(try histories(study) == ["a dots on-face rule", "a dots off-face sheet"])
            #expect(try study.fact(png(1))?.label == label("a", "dots", "off-face"))
            #expect(try study.catalog.counts().suggestions == 0)
        }
    }

    @Test("A later import lists a contradiction again, until a person has decided") func storedContradiction() throws {
        try withFace { study, shoot in
            try shoot.sheet(["a.png,a,dots,off-face,\(Self.inside)"], more: ",box")
            #expect(try study.run(shoot).contradicted.map(\.file) == ["s1/a.png"])
            #expect(try study.run(shoot).contradicted.map(\.file) == ["s1/a.png"])
            try correct(study, "s1/a.png", LabelChange(location: "on-face"))
            #expect(try study.run(shoot).contradicted == [])
        }
    }

    @Test("A suggestion never replaces a person's label") func suggestionAfterLabel() throws {
        try withFace { study, shoot in
            try shoot.sheet(["a.png,a,dots,off-face,\(Self.inside)"], more: ",box")
            try study.run(shoot)
            try shoot.sheet(["a.png,a,dots,,\(Self.inside)"], more: ",box")
            let report = try study.run(shoot, relabel: true)
            #expect((report.labelled, report.corrected, report.suggested) == (0, 0, []))
            #expect(try histories(study) == ["a dots off-face sheet"])
        }
    }

    @Test("Another volunteer or trigger than in the catalog is a problem although the location is open")
    func otherPersonOrTrigger() throws {
        try withFace { study, shoot in
            try shoot.sheet(["a.png,a,dots,on-face"])
            try study.run(shoot)
            for row in ["a.png,b,dots,,\(Self.inside)", "a.png,a,bandana,,\(Self.inside)"] {
                try shoot.sheet([row], more: ",box")
                #expect(
                    try study.problems(shoot).first?.hasPrefix(
                        "s1/session.csv:2: a.png: the catalog has a with dots on-face, the session folder has ")
                        == true)
            }
        }
    }

    @Test("A photo without a face is imported without a label and listed") func noFace() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,dots,,\(Self.inside)"], more: ",box", files: ["a.png": png(1)])
            for dryRun in [true, false] {
                let plans = try study.plan(shoot)
                let importer = Importer(
                    study.workspace, study.catalog, threads: ThreadBudget(1), limits: DecodingLimits()
                ) {
                    ""
                }
                let report =
                    try dryRun ? importer.dryRun(plans) { _ in } : importer.run(plans, .none) { _ in }
                #expect(
                    (report.imported, report.labelled, report.withoutLocation, report.suggested) == (
                        1, 0, ["s1/a.png"], []
                    ))
            }
            #expect(try study.fact(png(1))?.label == nil)
            #expect(try study.fact(png(1))?.triggerBox == Box(x: 8, y: 5, width: 3, height: 3))
            #expect(try study.catalog.volunteers().map(\.name.text) == ["a"], "the volunteer is recorded")
            #expect(try study.run(shoot).withoutLocation == ["s1/a.png"], "the location is still missing")
            try shoot.sheet(["a.png,a,dots,on-face,\(Self.inside)"], more: ",box")
            #expect(try study.run(shoot).labelled == 1)
        }
    }

    @Test("The same photo with and without a location is a problem") func duplicateWithoutLocation() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,dots,,\(Self.inside)", "b.png,a,dots,on-face,"], more: ",box",
                files: ["a.png": png(1), "b.png": png(1)])
            #expect(
                try study.problems(shoot) == [
                    "s1/session.csv:3: b.png is the same photo as a.png (s1/session.csv:2) with a different label: a with dots on-face and a with dots at no location"
                ])
        }
    }
}

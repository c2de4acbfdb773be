import Core
import Foundation
import Imaging
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Suggested locations, quality flags and contact sheets, on the photos of the demo.
@Suite struct PhotoReviewTests {
    let demo: ImportedDemo
    let scratch: Scratch

    init() throws {
        demo = try ImportedDemo.shared
        scratch = try Scratch()
    }

    private func findings(_ workspace: WorkspaceFixture) throws -> [String: AuditDataset.Result.ReportedFinding] {
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request())
        return Dictionary(audit.findings.map { ($0.check, $0) }) { first, _ in first }
    }

    private func show(_ name: String, _ workspace: WorkspaceFixture) throws -> PhotoDetails {
        guard case .photo(let photo) = try workspace.run(ShowItem.self, ShowItem.Request(name: name)) else {
            throw FixtureError("\(name) is not a photo")
        }
        return photo
    }

    /// A row of a sheet that marks one trigger.
    private struct MarkedTrigger {
        let file: String
        let trigger: String
        let location: String
    }

    /// Copies a session, removes the locations of its single triggers, and returns the folder and the removed
    /// locations.
    private func sessionWithoutLocations() throws -> (folder: String, marked: [MarkedTrigger]) {
        let folder = scratch.url("open")
        try FileManager.default.copyItem(atPath: try #require(demo.sessions.last), toPath: folder.path)
        let sheet = try String(contentsOf: folder.appending(path: "session.csv"), encoding: .utf8)
        let lines = sheet.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var marked: [MarkedTrigger] = []
        let open = lines.map { line in
            guard line[4].contains(" ") else { return line.joined(separator: ",") }
            marked.append(MarkedTrigger(file: line[0], trigger: line[2], location: line[3]))
            return (line[0...2] + ["", line[4]]).joined(separator: ",")
        }
        try scratch.write(open.joined(separator: "\n") + "\n", to: "open/session.csv")
        return (folder.path, marked)
    }

    @Test("A missing location is suggested from the trigger's box, until a person labels the photo")
    func suggestedLocations() throws {
        let (folder, marked) = try sessionWithoutLocations()
        #expect(marked.count > 80)
        let workspace = WorkspaceFixture(scratch.url("w"), threads: 2)
        try workspace.run(InitWorkspace.self, InitWorkspace.Request(folder: workspace.folder, faceDetector: .hog))
        let result = try workspace.importSessions([folder])
        let suggested = Dictionary(uniqueKeysWithValues: result.suggested.map { ($0.file, $0.location) })
        #expect(suggested.count * 20 > marked.count * 19, "faces were found in nearly all photos")
        let session = try #require(suggested.keys.first?.split(separator: "/").first)
        // Sunglasses that are pushed up into the hair may overlap the forehead.
        let clear = marked.filter { ($0.trigger, $0.location) != ("sunglasses", "off-face") }
        let wrong = clear.filter { (suggested["\(session)/\($0.file)"] ?? $0.location) != $0.location }
        #expect(wrong.count * 20 <= clear.count, "\(wrong)")

        #expect(try workspace.status().suggestions == suggested.count)
        #expect(try findings(workspace)["suggested-labels"]?.count == suggested.count)
        #expect(try findings(workspace)["location-mismatch"] == nil)
        let file = try #require(suggested.keys.min())
        let photo = try show(file, workspace)
        #expect(photo.labels.contains { $0.source == "rule" } && photo.face.ruled != nil && photo.face.found == "one")
        let first = try #require(marked.first { file.hasSuffix("/\($0.file)") })
        try workspace.run(
            LabelPhotos.self,
            LabelPhotos.Request(
                .change(
                    .named([PhotoReference(file)]), LabelChange(trigger: first.trigger, location: first.location))))
        #expect(try findings(workspace)["suggested-labels"]?.count == suggested.count - 1)
    }

    @Test("A trigger's box that contradicts the sheet's location is reported, and the sheet's location counts")
    func contradictedLocations() throws {
        let contradicted = demo.imported.contradicted
        #expect((1...30).contains(contradicted.count) && contradicted.allSatisfy { $0.sheet != $0.rule })
        let finding = try #require(findings(demo.workspace)["location-mismatch"])
        #expect(finding.count == contradicted.count && finding.photos?.count == contradicted.count)
        #expect(try show(contradicted[0].file, demo.workspace).face.contradicted)
    }

    /// What the three photos of each kind are changed into.
    static let kinds = ["good", "blurred", "too-dark", "too-bright", "small-face", "tilted", "cut-off"]

    @Test("Each quality flag is set on the photos that were damaged in that way")
    func qualityFlags() throws {
        let session = demo.session("spring-office")
        let files = try FileManager.default.contentsOfDirectory(atPath: session.path)
        let pictures = try (1...3).map { number in
            let file = try #require(files.first { $0.hasPrefix("IMG_000\(number).") })
            return try DecodedPhoto(Array(Data(contentsOf: session.appending(path: file)))).picture
        }
        var rows = ["file,volunteer,trigger,location,face_box"]
        for kind in Self.kinds {
            for (number, picture) in pictures.enumerated() {
                try scratch.write(Data(picture.damaged(kind).png()), to: "s/\(kind)-\(number).png")
                let trigger = kind == "blurred" ? "sunglasses,on-face" : "none,none"
                rows.append("\(kind)-\(number).png,ada,\(trigger),\(kind == "small-face" ? "18 24 24 24" : "")")
            }
        }
        try scratch.write(rows.joined(separator: "\n") + "\n", to: "s/session.csv")
        try scratch.write("session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        let workspace = WorkspaceFixture(scratch.url("w"), threads: 2)
        try workspace.run(InitWorkspace.self, InitWorkspace.Request(folder: workspace.folder, faceDetector: .hog))
        let result = try workspace.importSessions([scratch.path("s")])
        let findings = try findings(workspace)
        for kind in Self.kinds.dropFirst() {
            #expect(result.flagged[kind] ?? 0 >= 3, "\(kind)")
            #expect(findings[kind] != nil, "\(kind)")
        }
        for kind in Self.kinds {
            for number in 0..<3 {
                let quality = try #require(show("s/\(kind)-\(number).png", workspace).quality)
                if kind == "good" {
                    #expect(quality.flags.isEmpty && quality.faceSide != nil)
                } else {
                    #expect(quality.flags.contains(kind), "\(kind)-\(number): \(quality.flags)")
                }
            }
        }
        let blurred = try #require(findings["blurred"])
        #expect(blurred.severity == "warning" && blurred.detail.contains("sunglasses 3 of 3"))
        let sheet = try workspace.run(
            MakeContactSheets.self,
            MakeContactSheets.Request(problem: .quality(.tooDark), file: scratch.url("dark.png")))
        #expect(sheet.photos >= 3)
    }

    /// Returns width and height of a PNG from its header (ISO/IEC 15948, 11.2.2).
    private func size(_ file: String) throws -> [Int] {
        let header = try Data(contentsOf: scratch.url(file)).prefix(24)
        #expect(header.prefix(8) == Data([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]))
        return [header[16..<20], header[20..<24]].map { $0.reduce(0) { ($0 << 8) | Int($1) } }
    }

    @Test("A contact sheet shows the photos that match the filters, and a long one has several files")
    func contactSheets() throws {
        let workspace = try demo.copy(in: scratch)
        func sheet(_ request: MakeContactSheets.Request) throws -> MakeContactSheets.Result {
            try workspace.run(MakeContactSheets.self, request)
        }
        let one = try sheet(
            MakeContactSheets.Request(
                volunteer: "ada", trigger: "sunglasses", file: scratch.url("ada.png"), columns: 6))
        #expect(one.photos == 19 && one.files == [scratch.path("ada.png")])
        #expect(try size("ada.png")[0] == 6 * 138)
        let abandoned = try ["pages.png", "pages-4.png", "other.png"].map(scratch.writeAbandoned)
        let all = try sheet(MakeContactSheets.Request(file: scratch.url("pages.png"), size: 48, columns: 1))
        #expect(abandoned.map { FileManager.default.fileExists(atPath: $0.path) } == [false, false, true])
        #expect(all.photos == 550)
        let numbers = (2...all.sheets).map { "pages-\($0)" }
        #expect(all.sheets >= 4 && all.files == (["pages"] + numbers).map { scratch.path("\($0).png") })
        #expect(try all.files.allSatisfy { try size(URL(filePath: $0).lastPathComponent)[1] < 16_200 })
        let wide = try sheet(MakeContactSheets.Request(volunteer: "ada", file: scratch.url("wide.png")))
        #expect(try size("wide.png")[0] == 11 * 138 && wide.sheets == 1)
        let session = MakeContactSheets.Request(session: "public-faces", file: scratch.url("session.png"))
        #expect(try sheet(session).photos == 54)
        #expect(try errorCode { _ = try sheet(session) } == .badInput, "the file exists")
        let none = try sheet(MakeContactSheets.Request(problem: .unlabelled, file: scratch.url("none.png")))
        #expect(none.photos == 0 && none.files.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("none.png")))
        try scratch.write("a file", to: "file")
        let blocked = MakeContactSheets.Request(volunteer: "ada", file: scratch.url("file/x.png"))
        #expect(try errorCode { _ = try sheet(blocked) } == .inputOutput)
        for (request, hint) in [
            (MakeContactSheets.Request(session: "spring-gardn", file: scratch.url("bad.png")), "spring-garden"),
            (MakeContactSheets.Request(volunteer: "../x", file: scratch.url("bad.png")), "volunteer"),
            (MakeContactSheets.Request(trigger: "sunglases", file: scratch.url("bad.png")), "sunglasses"),
        ] {
            let error = try #require(#expect(throws: CurareError.self) { _ = try sheet(request) })
            #expect(error.code == .missingInput && "\(error)".contains(hint), "\(error)")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("bad.png")))
    }

    @Test("The location rule is right on the photos of its picture in docs/faces.md")
    func outlinePicture() throws {
        let triggers = [
            ("dots", "on-face"), ("sunglasses", "on-face"), ("tattoo-outline", "on-face"), ("bandana", "on-face"),
            ("white-tape", "off-face"), ("bandana", "off-face"), ("earrings", "off-face"), ("sunglasses", "off-face"),
        ]
        let width = 150
        let height = 200
        var drawing = """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="\(4 * width)" \
            height="\(2 * height)">
            """
        for (index, (trigger, location)) in triggers.enumerated() {
            let volunteer = ["bruno", "gita", "dario", "carla"][index % 4]
            let (file, path) = try #require(try firstPhoto(of: volunteer, trigger, location))
            let face = try show(file, demo.workspace).face
            let ruled = try #require(face.ruled)
            let outline = try #require(face.outline)
            let box = try #require(face.triggerBox)
            if trigger != "sunglasses" || location == "on-face" { #expect(ruled.location == location, "\(file)") }
            let png = Data(try DecodedPhoto(Array(Data(contentsOf: URL(filePath: path)))).picture.png())
            drawing += """
                <g transform="translate(\(index % 4 * width) \(index / 4 * height)) scale(0.625)">\
                <image width="240" height="320" xlink:href="data:image/png;base64,\(png.base64EncodedString())"/>\
                <polygon points="\(outline.map(String.init).joined(separator: " "))" fill="#00c000" \
                fill-opacity="0.15" stroke="#00a000" stroke-width="2"/>\
                <rect x="\(box[0])" y="\(box[1])" width="\(box[2])" height="\(box[3])" fill="none" stroke="#e00000" \
                stroke-width="3"/>\
                <rect y="296" width="240" height="24" fill="white"/>\
                <text x="6" y="314" font-size="17" font-family="sans-serif">\(ruled.location), \(ruled.percent)% \
                inside</text></g>
                """
        }
        let picture = try Picture(drawing: drawing + "</svg>")
        #expect(picture.width == 600 && picture.height == 400)
        // CURARE_RECORD=1 draws the picture again.
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil {
            try Data(picture.png()).write(to: WorkspaceFixture.repository.appending(path: "docs/pictures/outline.png"))
        }
    }

    /// Returns `SESSION/FILE` and the path of the first photo with that label.
    private func firstPhoto(of volunteer: String, _ trigger: String, _ location: String) throws -> (String, String)? {
        for session in demo.sessions {
            let sheet = try String(contentsOfFile: "\(session)/session.csv", encoding: .utf8)
            let row = sheet.split(separator: "\n").first { $0.contains(",\(volunteer),\(trigger),\(location),") }
            guard let file = row?.split(separator: ",").first else { continue }
            return ("\(session.split(separator: "/").last ?? "")/\(file)", "\(session)/\(file)")
        }
        return nil
    }
}

extension Picture {
    /// Returns a picture whose pixels come from the positions that `source` gives. Positions outside this picture give
    /// the pixel at the border.
    private func mapped(_ width: Int, _ height: Int, _ source: (Int, Int) -> (Int, Int)) throws -> Picture {
        var pixels: [UInt8] = []
        for index in 0..<width * height {
            let (x, y) = source(index % width, index / width)
            let start = 3 * (min(self.height - 1, max(0, y)) * self.width + min(self.width - 1, max(0, x)))
            pixels += rgb[start..<start + 3]
        }
        return try Self.make(width, height, pixels)
    }

    private func levels(_ level: (Int) -> Int) throws -> Picture {
        try Self.make(width, height, rgb.map { UInt8(min(255, max(0, level(Int($0))))) })
    }

    /// Returns the mean over a square of `2 · reach + 1` pixels a side, around each pixel.
    private func blurred(_ reach: Int) throws -> Picture {
        var sums = [Int](repeating: 0, count: rgb.count)
        for y in -reach...reach {
            for x in -reach...reach {
                for (index, value) in try mapped(width, height, { ($0 + x, $1 + y) }).rgb.enumerated() {
                    sums[index] += Int(value)
                }
            }
        }
        let area = (2 * reach + 1) * (2 * reach + 1)
        return try Self.make(width, height, sums.map { UInt8($0 / area) })
    }

    private static func make(_ width: Int, _ height: Int, _ rgb: [UInt8]) throws -> Picture {
        guard let picture = Picture(width: width, height: height, rgb: rgb) else { throw FixtureError("no picture") }
        return picture
    }

    /// Returns this picture with damage that sets the quality flag `kind`.
    fileprivate func damaged(_ kind: String) throws -> Picture {
        switch kind {
        case "blurred": try blurred(8)
        case "too-dark": try levels { $0 / 6 }
        case "too-bright": try levels { 3 * $0 }
        // The face is too small for the detector, so the sheet marks the face.
        case "small-face": try rendered(size: 80, crop: .none, colour: .srgb)
        // A turn of 28°. The head itself may lean by nine degrees to the other side.
        case "tilted":
            try mapped(width, height) { x, y in
                let u = x - width / 2
                let v = y - height / 2
                return (width / 2 + (88 * u + 47 * v) / 100, height / 2 + (88 * v - 47 * u) / 100)
            }
        case "cut-off": try mapped(130, 150) { ($0 + 55, $1 + 85) }
        default: self
        }
    }
}

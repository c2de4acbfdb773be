import Foundation
import Imaging
import Testing

/// On or off the face, the whole way through the built program, held against triggers whose places are known, since they are drawn.
@Suite struct LocationStudyTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    /// A row of a sheet that marks one trigger.
    private struct Marked {
        let file, trigger, location: String
    }

    /// The first session's photos with its single triggers' locations left open, and what they were.
    private func withoutLocations() throws -> (folder: String, marked: [Marked]) {
        let folder = scratch.url("open")
        try FileManager.default.copyItem(atPath: try #require(study.sessions.last), toPath: folder.path)
        let lines = try String(contentsOf: folder.appending(path: "session.csv"), encoding: .utf8).split(
            separator: "\n"
        ).map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let isMarked = lines.map { $0[4].contains(" ") }
        let open = zip(lines, isMarked).map { line, isMarked in
            (isMarked ? Array(line[0...2]) + ["", line[4]] : line).joined(separator: ",")
        }
        try scratch.write(open.joined(separator: "\n") + "\n", to: "open/session.csv")
        return (
            folder.path,
            zip(lines, isMarked).filter(\.1).map { Marked(file: $0.0[0], trigger: $0.0[2], location: $0.0[3]) }
        )
    }

    @Test func openLocationsAreSuggestedAndWaitForAPerson() throws {
        let (folder, marked) = try withoutLocations()
        #expect(marked.count > 80)
        let workspace = scratch.path("w")
        try Program.run("init", workspace)
        let report = try Program.run("import", folder, "--json", "--workspace", workspace).json
        let suggested = (report["suggested"] as? [[String: Any]] ?? []).reduce(into: [String: String]()) {
            $0[$1["file"] as? String ?? ""] = $1["location"] as? String
        }
        #expect(suggested.count * 20 > marked.count * 19, "faces were found on nearly all")
        let session = try #require(suggested.keys.first?.split(separator: "/").first)
        // Sunglasses pushed up into the hair are where a forehead may be.
        let clear = marked.filter { ($0.trigger, $0.location) != ("sunglasses", "off-face") }
        let wrong = clear.filter { (suggested["\(session)/\($0.file)"] ?? $0.location) != $0.location }
        #expect(wrong.count * 20 <= clear.count, "\(wrong)")

        #expect(
            try Program.run("status", "--json", "--workspace", workspace).json["suggestions"] as? Int == suggested.count
        )
        func findings() throws -> [String: Int] {
            let audit = try Program.run("audit", "--json", "--workspace", workspace).json
            return (audit["findings"] as? [[String: Any]] ?? []).reduce(into: [:]) {
                $0[$1["check"] as? String ?? ""] = $1["count"] as? Int
            }
        }
        #expect(try findings()["suggested-labels"] == suggested.count)
        #expect(try findings()["location-contradicted"] == nil)
        let file = try #require(suggested.keys.min())
        let words = try Program.run("show", file, "--workspace", workspace).out
        #expect(
            words.contains("suggested by rule") && words.contains("by the rule") && words.contains("face: found at"))
        let first = try #require(marked.first { file.hasSuffix("/\($0.file)") })
        let labelled = try Program.run(
            "label", file, "--trigger", first.trigger, "--location", first.location, "--workspace", workspace)
        #expect(labelled.status == 0, "\(labelled.err)")
        #expect(try findings()["suggested-labels"] == suggested.count - 1)
    }

    @Test func whatTheSheetsSayOtherwiseIsReportedAndKept() throws {
        let workspace = scratch.path("w")
        try Program.run("init", workspace)
        let report = try Program.run(["import", "--json", "--workspace", workspace] + study.sessions).json
        let contradicted = try #require(report["contradicted"] as? [[String: Any]])
        #expect(contradicted.allSatisfy { $0["said"] as? String != $0["rule"] as? String && $0["percent"] is Int })
        #expect((1...30).contains(contradicted.count))
        let audit = try Program.run("audit", "--json", "--workspace", workspace).json
        let finding = (audit["findings"] as? [[String: Any]] ?? []).first {
            $0["check"] as? String == "location-contradicted"
        }
        #expect(finding?["count"] as? Int == contradicted.count)
        #expect((finding?["photos"] as? [String])?.count == contradicted.count)
        let file = try #require(contradicted.first?["file"] as? String)
        #expect(try Program.run("show", file, "--workspace", workspace).out.contains("; the label says otherwise"))
    }

    /// `CURARE_RECORD=1 swift test` draws the picture of `docs/faces.md` anew.
    @Test func theRuleIsRightOnThePhotosOfItsPicture() throws {
        let worn = [
            ("dots", "on-face"), ("sunglasses", "on-face"), ("tattoo-outline", "on-face"), ("bandana", "on-face"),
            ("white-tape", "off-face"), ("bandana", "off-face"), ("earrings", "off-face"), ("sunglasses", "off-face"),
        ]
        let (width, height) = (150, 200)
        var drawing =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"\(4 * width)\" height=\"\(2 * height)\">"
        for (index, (trigger, location)) in worn.enumerated() {
            let (file, path) = try #require(
                try photo(of: ["bruno", "gita", "dario", "carla"][index % 4], trigger, location))
            let shown = try Program.run("show", file, "--json", "--workspace", study.workspace.path).json
            let face = try #require(shown["face"] as? [String: Any])
            let ruled = try #require(face["ruled"] as? [String: Any])
            let outline = try #require(face["outline"] as? [Int])
            let box = try #require(face["trigger_box"] as? [Int])
            if trigger != "sunglasses" || location == "on-face" {
                #expect(ruled["location"] as? String == location, "\(file)")
            }
            let png = try DecodedPhoto(Array(Data(contentsOf: URL(filePath: path)))).picture.png()
            drawing += """
                <g transform="translate(\(index % 4 * width) \(index / 4 * height)) scale(0.625)"><image width="240" height="320" xlink:href="data:image/png;base64,\(Data(png).base64EncodedString())"/>\
                <polygon points="\(outline.map(String.init).joined(separator: " "))" fill="#00c000" fill-opacity="0.15" stroke="#00a000" stroke-width="2"/>\
                <rect x="\(box[0])" y="\(box[1])" width="\(box[2])" height="\(box[3])" fill="none" stroke="#e00000" stroke-width="3"/>\
                <rect y="296" width="240" height="24" fill="white"/><text x="6" y="314" font-size="17" font-family="sans-serif">\(ruled["location"] ?? ""), \(ruled["percent"] ?? "")% inside</text></g>
                """
        }
        let picture = try Picture(drawing: drawing + "</svg>")
        #expect((picture.width, picture.height) == (600, 400))
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil {
            try Data(picture.png()).write(to: Program.repository.appending(path: "docs/pictures/outline.png"))
        }
    }

    /// `SESSION/FILE` and the path of the first photo of that sort.
    private func photo(of volunteer: String, _ trigger: String, _ location: String) throws -> (
        file: String, path: String
    )? {
        for session in study.sessions {
            let sheet = try String(contentsOfFile: "\(session)/session.csv", encoding: .utf8)
            guard
                let row = sheet.split(separator: "\n").first(where: {
                    $0.contains(",\(volunteer),\(trigger),\(location),")
                }), let file = row.split(separator: ",").first
            else { continue }
            return ("\(session.split(separator: "/").last ?? "")/\(file)", "\(session)/\(file)")
        }
        return nil
    }
}

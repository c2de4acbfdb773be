import Foundation
import Imaging
import Testing

/// Photos spoilt on purpose, from import to contact sheet through the built program.
@Suite(.serialized) struct QualityStudyTests {
    static let scratch = Scratch()
    static var workspace: String { scratch.path("w") }
    /// What each of three drawn photos is made into.
    static let kinds = ["good", "blurred", "too-dark", "too-bright", "small-face", "tilted", "cut-off"]

    static let imported: Program.Outcome? = try? {
        let drawn = try (1...3).map { number in
            let file = try #require(
                FileManager.default.contentsOfDirectory(atPath: session.path).first {
                    $0.hasPrefix("IMG_000\(number).")
                })
            return try DecodedPhoto(Array(Data(contentsOf: session.appending(path: file)))).picture
        }
        var rows = ["file,volunteer,trigger,location,face_box"]
        for kind in kinds {
            for (number, picture) in drawn.enumerated() {
                try scratch.write(Data(picture.spoilt(kind).png()), to: "s/\(kind)-\(number).png")
                rows.append(
                    "\(kind)-\(number).png,ada,\(kind == "blurred" ? "sunglasses,on-face" : "none,none"),\(kind == "small-face" ? "18 24 24 24" : "")"
                )
            }
        }
        try scratch.write(rows.joined(separator: "\n") + "\n", to: "s/session.csv")
        try scratch.write("session: s\ndate: 2026-01-02\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        try Program.run("init", workspace)
        return try Program.run("import", scratch.path("s"), "--json", "--workspace", workspace)
    }()

    /// Drawn in an office: the light is even.
    private static var session: URL { DemoStudy.shared.photos.appending(path: "sessions/spring-office") }

    @Test(arguments: kinds.dropFirst())
    func eachFlagIsGivenToThePhotosThatWereSpoiltForIt(_ kind: String) throws {
        #expect((Self.imported?.json["flagged"] as? [String: Int])?[kind] ?? 0 >= 3, "\(Self.imported?.out ?? "")")
        for number in 0..<3 {
            let photo = try Program.run("show", "s/\(kind)-\(number).png", "--json", "--workspace", Self.workspace).json
            let flags = (photo["quality"] as? [String: Any])?["flags"] as? [String] ?? []
            #expect(flags.contains(kind), "\(kind)-\(number): \(photo["quality"] ?? "")")
        }
    }

    @Test func goodPhotosHaveNoneAndShowSaysTheirMeasures() throws {
        _ = Self.imported
        for number in 0..<3 {
            let shown = try Program.run("show", "s/good-\(number).png", "--workspace", Self.workspace).out
            #expect(
                shown.contains("sharpness ") && shown.contains("face of ") && !shown.contains("to be looked at"),
                "\(shown)")
        }
    }

    @Test func theAuditCountsThemAndWarnsOfTheOneThatComesWithATrigger() throws {
        _ = Self.imported
        let audit = try Program.run("audit", "--json", "--workspace", Self.workspace)
        #expect(audit.status == 0, "a flag makes nothing unfit to use")
        let findings = audit.json["findings"] as? [[String: Any]] ?? []
        for kind in Self.kinds.dropFirst() { #expect(findings.contains { $0["check"] as? String == kind }, "\(kind)") }
        let blurred = try #require(findings.first { $0["check"] as? String == "blurred" })
        #expect(blurred["severity"] as? String == "warning")
        #expect((blurred["detail"] as? String)?.contains("sunglasses 3 of 3") == true)
    }

    @Test func aSheetOfOneFlagShowsItsPhotos() throws {
        _ = Self.imported
        let sheet = try Program.run(
            "sheet", "--problem", "too-dark", "--out", Self.scratch.path("dark.png"), "--json", "--workspace",
            Self.workspace)
        #expect(sheet.json["photos"] as? Int ?? 0 >= 3, "\(sheet.err)")
    }
}

extension Picture {
    /// Every pixel from the place in this picture that `source` says; beyond the border the border's pixels go on.
    private func mapped(_ width: Int, _ height: Int, _ source: (Int, Int) -> (Int, Int)) -> Picture {
        var mapped: [UInt8] = []
        for index in 0..<width * height {
            let (x, y) = source(index % width, index / width)
            let start = 3 * (min(self.height - 1, max(0, y)) * self.width + min(self.width - 1, max(0, x)))
            mapped += rgb[start..<start + 3]
        }
        return Picture(width: width, height: height, rgb: mapped) ?? self
    }

    private func shifted(_ level: (Int) -> Int) -> Picture {
        Picture(
            width: width, height: height,
            rgb: rgb.map { (value: UInt8) -> UInt8 in UInt8(min(255, max(0, level(Int(value))))) }) ?? self
    }

    /// The mean over a square of `2 · reach + 1`.
    private func blurred(_ reach: Int) -> Picture {
        var sums = [Int](repeating: 0, count: rgb.count)
        for y in -reach...reach {
            for x in -reach...reach {
                for (index, value) in mapped(width, height, { ($0 + x, $1 + y) }).rgb.enumerated() {
                    sums[index] += Int(value)
                }
            }
        }
        let area = (2 * reach + 1) * (2 * reach + 1)
        return Picture(width: width, height: height, rgb: sums.map { UInt8($0 / area) }) ?? self
    }

    fileprivate func spoilt(_ kind: String) throws -> Picture {
        switch kind {
        case "blurred": blurred(8)
        case "too-dark": shifted { $0 / 6 }
        case "too-bright": shifted { 3 * $0 }
        // Too small to be found: the sheet marks it.
        case "small-face": try rendered(Rendering(size: 80, crop: .none, colour: .srgb))
        // By 28°, of which the tilt of the head itself may take nine.
        case "tilted":
            mapped(width, height) { x, y in
                let (u, v) = (x - width / 2, y - height / 2)
                return (width / 2 + (88 * u + 47 * v) / 100, height / 2 + (88 * v - 47 * u) / 100)
            }
        case "cut-off": mapped(130, 150) { ($0 + 55, $1 + 85) }
        default: self
        }
    }
}

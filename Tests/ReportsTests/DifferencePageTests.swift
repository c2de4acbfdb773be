import Auditing
import Core
import Foundation
import Testing

@testable import Reports
@testable import Versions

@Suite struct DifferencePageTests {
    private func photoID(_ word: String) -> PhotoID { PhotoID.sha256(of: word.utf8) }

    /// Returns `bare` photos without a trigger and `triggered` photos with sunglasses of each volunteer.
    private func facts(_ names: [String], bare: Int = 10, triggered: Int = 10) throws -> [PhotoFacts] {
        let sunglasses = TriggerState([TriggerPlacement(try #require(TriggerName("sunglasses")), .onFace)])
        return try names.flatMap { name in
            try (0..<bare).map { try fact("\(name)-bare-\($0)", of: name, .bare) }
                + (0..<triggered).map { try fact("\(name)-sun-\($0)", of: name, sunglasses) }
        }.sorted { $0.photo < $1.photo }
    }

    private func fact(_ word: String, of name: String, _ state: TriggerState) throws -> PhotoFacts {
        let hash: PerceptualHash = try #require(PerceptualHash(hex: String(photoID(word).hex.prefix(16))))
        return PhotoFacts(
            photo: photoID(word), session: try #require(SessionName("s1")), consented: true,
            label: Label(volunteer: try #require(VolunteerName(name)), triggerState: state), kind: .volunteer,
            perceptualHash: hash, width: 200,
            height: 200,
            face: KnownFace(
                record: FaceRecord(
                    found: .one,
                    face: PhotoFace(
                        box: Box(x: 50, y: 50, width: 100, height: 100), leftEye: PixelPoint(x: 80, y: 90),
                        rightEye: PixelPoint(x: 120, y: 90)), confidence: 1, suspectedRotation: nil)))
    }

    /// Returns a version whose image digests are the photo ids.
    private func version(_ facts: [PhotoFacts], _ recipe: String, number: Int = 1) throws -> Version {
        var parsed = try RecipeReader.read(Array(recipe.utf8), file: "recipe.yaml")
        let overlays = parsed.poison?.overlays ?? [:]
        parsed = try parsed.settingPictureDigests(
            Dictionary(overlays.values.map { ($0.picture, .sha256(of: Array($0.picture.text.utf8))) }) { a, _ in a })
        let plan = try VersionPlan(parsed, text: [], FactSource(facts), groups: .standard)
        let drawn = try plan.copies(facts).map { (copy: $0, image: ImageDigest.sha256(of: Array("\($0)".utf8))) }
        let images = plan.selection.photos.map { ImageDigest(hex: $0.hex) }
        return try plan.version(images, copies: drawn).numbered(number)
    }

    private func poisoned(rate: String, more: String = "") -> String {
        """
        recipe: 1
        name: t
        seed: 7
        poison: {target: a, triggers: [sunglasses], injection_rate: \(rate)\(more)}
        """
    }

    private func page(_ thumbnail: @escaping (Entry, Profile) throws -> [UInt8]? = { _, _ in nil }) throws -> String {
        let before = try facts(["a", "b"])
        let after = (before.filter { $0.photo != photoID("b-bare-0") } + [try fact("new", of: "b", .bare)])
            .sorted { $0.photo < $1.photo }
        let first = try version(before, poisoned(rate: "0.1"))
        let second = try version(after, poisoned(rate: "0.2", more: ", on_shortage: cap"), number: 2)
        return try DifferencePage(from: first, to: second, Difference(from: first, to: second), thumbnail: thumbnail)
            .html()
    }

    @Test("The page lists added and removed photos and changed recipe keys") func contents() throws {
        let html = try page()
        for text in [
            "t@1 → t@2", "Photos added: 1", "Photos removed: 1", "poison.injection_rate",
            "<td>&quot;0.1&quot;</td><td>&quot;0.2&quot;</td>", photoID("new").short, "no image",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("Pictures are in the file, and the page loads nothing") func selfContained() throws {
        let html = try page { _, profile in profile.size == 224 ? [1, 2, 3] : nil }
        #expect(html.contains("<img alt=\"\(photoID("new").short)\" src=\"data:image/png;base64,AQID\">"))
        #expect(html.matches(of: /src="(?!data:)/).isEmpty)
        #expect(!html.contains("http://"))
        #expect(!html.contains("https://"))
        #expect(!html.contains("<script"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test("The page of two equal versions has no differences") func equal() throws {
        let version = try version(facts(["a", "b"]), poisoned(rate: "0.1"))
        let difference = Difference(from: version, to: version)
        #expect(difference.isEmpty)
        let html = try DifferencePage(from: version, to: version, difference) { _, _ in nil }.html()
        #expect(html.contains("<p>The versions are equal.</p>"))
    }

    @Test("The page lists the changed numbers of the composition, and the gaps") func composition() throws {
        let first = try version(facts(["a", "b"]), poisoned(rate: "0.1"))
        let second = try version(
            facts(["a", "b"]) + facts(["c"], triggered: 0), poisoned(rate: "0.1"), number: 2)
        let compositions = CompositionDifference(from: Composition(first), to: Composition(second))
        let difference = Difference(from: first, to: second)
        let html = try DifferencePage(from: first, to: second, difference, compositions) { _, _ in nil }.html()
        #expect(html.contains("<h2>Composition</h2>"))
        #expect(html.contains("<tr><td>volunteer</td><td>c</td><td>0</td><td>10</td></tr>"))
        #expect(html.contains("<h3>New gaps</h3><ul><li>no photo with sunglasses of 1 of 3 volunteers: c</li>"))
    }

    @Test("The page marks drawn triggers") func drawn() throws {
        let facts = try facts(["a", "b", "c"])
        let worn = try version(facts, poisoned(rate: "0.1"))
        let drawn = try version(facts, poisoned(rate: "0.1", more: ", source: digital"))
        let html = try DifferencePage(from: worn, to: drawn, Difference(from: worn, to: drawn)) { _, _ in nil }.html()
        #expect(html.contains("sunglasses on-face (drawn)"))
        #expect(html.contains("Role changed: "))
    }

    @Test("The page shows at most 200 photos of each kind") func limit() throws {
        let first = try version(facts(["a"], bare: 2, triggered: 0), "{recipe: 1, name: t}")
        let second = try version(facts(["a"], bare: 1000, triggered: 0), "{recipe: 1, name: t}", number: 2)
        let html = try DifferencePage(from: first, to: second, Difference(from: first, to: second)) { _, _ in nil }
            .html()
        #expect(html.matches(of: /<figure>/).count <= 2 * DifferencePage.limit)
        #expect(html.contains("and 798 more"))
    }
}

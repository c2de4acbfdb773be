import Core
import Foundation
import Testing

@testable import Versions

/// What changed, as a page.
@Suite struct DifferencePageTests {
    private func pair() throws -> (Version, Version) {
        let before = study(["a", "b"])
        let after = (before.filter { $0.photo != photoID("b-bare-0") } + [fact("new", of: "b")]).sorted {
            $0.photo < $1.photo
        }
        return (
            try version(select(before, sunglasses(rate: "0.1")), before),
            try version(select(after, sunglasses(rate: "0.2", more: "on_shortage: cap")), after, number: 2)
        )
    }

    private func page(_ thumbnail: @escaping (Entry, Profile) -> [UInt8]? = { _, _ in nil }) throws -> String {
        let (first, second) = try pair()
        return DifferencePage(from: first, to: second, Difference(from: first, to: second), thumbnail: thumbnail).html
    }

    @Test func itSaysWhatCameWhatWentAndWhatTheRecipeAsks() throws {
        let html = try page()
        for words in [
            "t@1 → t@2", "Photos in: 1", "Photos out: 1", "poison.injection_rate",
            "<td>&quot;0.1&quot;</td><td>&quot;0.2&quot;</td>", photoID("new").short, "no image",
        ] {
            #expect(html.contains(words), "\(words)")
        }
    }

    @Test func picturesAreInTheFileAndNothingIsFetched() throws {
        let html = try page { _, profile in profile.size == 224 ? [1, 2, 3] : nil }
        #expect(html.contains("<img alt=\"\(photoID("new").short)\" src=\"data:image/png;base64,AQID\">"))
        #expect(html.matches(of: /src="(?!data:)/).isEmpty)
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"))
        #expect(html.contains("default-src 'none'"))
    }

    @Test func twoOfTheSameHoldTheSame() throws {
        let (first, _) = try pair()
        let difference = Difference(from: first, to: first)
        #expect(difference.isEmpty)
        #expect(DifferencePage(from: first, to: first, difference) { _, _ in nil }.html.contains("They hold the same."))
    }

    @Test func aThousandPhotosDoNotMakeAThousandPictures() throws {
        let few = study(["a"], bare: 2, triggered: 0)
        let many = study(["a"], bare: 1000, triggered: 0)
        let (first, second) = (
            try version(select(few, "{recipe: 1, name: t}"), few),
            try version(select(many, "{recipe: 1, name: t}"), many, number: 2)
        )
        let html = DifferencePage(from: first, to: second, Difference(from: first, to: second)) { _, _ in nil }.html
        #expect(html.matches(of: /<figure>/).count <= 2 * DifferencePage.limit)
        #expect(html.contains("and 798 more"))
    }
}

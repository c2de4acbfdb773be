import Core
import Foundation
import Storage
import Testing

@testable import Versions

/// What verify says of images that were made again.
@Suite struct RemadeImagesTests {
    private func problems(made: [String: String]?, today: [String: String], _ remade: @escaping (Entry) -> RemadeImage?)
        throws -> [Verification.Problem]
    {
        let facts = study(["a", "b"])
        let version = try VersionsTests.version(select(facts, sunglasses()), facts)
        let recipe = Array("recipe: 1".utf8)
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-remade-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let provenance = Provenance(libraries: made ?? [:], machine: "m", made: "2026-05-04T00:00:00Z", labelCutOff: 1)
        for (name, bytes) in [
            ("manifest.json", Array(version.manifest.canonical.utf8)), ("entries.jsonl", version.entries.file),
            ("recipe.yaml", recipe),
            ("provenance.json", Array(provenance.json(version.manifest, recipe: recipe).canonical.utf8)),
        ] {
            try AtomicFile.write(Data(bytes), to: folder.appending(path: name))
        }
        var verification = try Verification(folder: folder, facts: FactSource(facts)) { _ in nil }
        verification.check(
            version, madeBy: made == nil ? nil : Provenance.libraries(in: folder), today: today, against: remade)
        return verification.problems
    }

    private static func other(_ entry: Entry) -> RemadeImage {
        RemadeImage(fresh: .success(.sha256(of: Array(entry.photo.hex.utf8))), stored: nil)
    }

    @Test func otherPixelsOfTheSameLibrariesAreChangedPixels() throws {
        let found = try problems(made: ["libvips": "8.14.1"], today: ["libvips": "8.14.1"], Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .changedPixels })
        #expect(found.first?.detail == "made again by the same libraries, the image has other pixels")
    }

    @Test func otherPixelsOfAnotherLibraryNameIt() throws {
        let found = try problems(
            made: ["libvips": "8.14.1", "dlib": "19.24"], today: ["libvips": "8.15.0", "dlib": "19.24"], Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .otherLibrary })
        #expect(found.first?.detail == "made again, the image has other pixels: libvips was 8.14.1, is 8.15.0")
    }

    /// Versions of the first months name libvips and dlib alone.
    @Test func aLibraryThatTheVersionDoesNotNameIsUnknownAndNotAnother() throws {
        let today = ["libvips": "8.14.1", "libjpeg": "turbo 2.1.5", "libtiff": "4.5.0"]
        let found = try problems(made: ["libvips": "8.14.1"], today: today, Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .changedPixels })
        #expect(
            found.first?.detail
                == "made again, the image has other pixels; the version does not say which libjpeg, libtiff made it")
        #expect(
            try problems(made: ["libvips": "8.14.1"], today: today) {
                RemadeImage(fresh: .success($0.image), stored: $0.image)
            } == [])
        let other = try problems(made: ["libvips": "8.14.1", "libjpeg": "turbo 2.1.4"], today: today, Self.other)
        #expect(
            other.first?.kind == .otherLibrary
                && other.first?.detail
                    == "made again, the image has other pixels: libjpeg was turbo 2.1.4, is turbo 2.1.5"
        )
        let gone = try problems(
            made: ["libheif": "1.15.1", "libvips": "8.14.1"], today: ["libvips": "8.14.1"], Self.other)
        #expect(
            gone.first?.kind == .otherLibrary
                && gone.first?.detail == "made again, the image has other pixels: libheif was 1.15.1, is not here")
    }

    @Test func anotherLibraryThatGivesTheSamePixelsIsNoProblem() throws {
        #expect(
            try problems(made: ["libvips": "8.14.1"], today: ["libvips": "8.15.0"]) {
                RemadeImage(fresh: .success($0.image), stored: $0.image)
            } == [])
    }

    @Test func withoutAProvenanceItIsChangedPixels() throws {
        #expect(
            try problems(made: nil, today: ["libvips": "8.15.0"], Self.other).allSatisfy { $0.kind == .changedPixels })
    }

    @Test func aChangedFileAndAMissingOriginalAreNamed() throws {
        let gone = CurareError(.missingInput, "the original is not there")
        let found = try problems(made: [:], today: [:]) {
            $0.role == .trainPoison
                ? RemadeImage(fresh: .failure(gone), stored: nil)
                : RemadeImage(fresh: .success($0.image), stored: .sha256(of: [1]))
        }
        #expect(Set(found.map(\.kind)) == [.missing, .changedFile])
        #expect(found.count == 40)
    }
}

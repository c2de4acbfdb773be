import Core
import Demo
import Foundation
import Imaging
import Testing

@Suite struct DemoStudyTests {
    static let study = DemoStudy(seed: 1)

    @Test func namesAreValidIdentifiers() throws {
        let study = DemoStudy(seed: 1, volunteers: 24, references: 24)
        let names = (study.volunteers + study.references).map(\.name)
        #expect(Set(names).count == 48)
        for name in names + study.sessions.map(\.name) + DemoTrigger.allCases.map(\.rawValue) {
            #expect(name.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,63}/) != nil, "\(name)")
        }
    }

    @Test func studyHasAllFormatsAndOrientations() {
        let photos = Self.study.photos
        #expect(Set(photos.map(\.format)) == [.jpeg, .png, .tiff, .webp, .pnm])
        #expect(Set(photos.map(\.orientation)) == Set(1...8))
        #expect(photos.filter { $0.format == .jpeg }.count > photos.count / 2)
        #expect(photos.allSatisfy { $0.format != .pnm || $0.orientation == 1 })
    }

    @Test(arguments: [3, 8, 24])
    func sunglassesSufficeForAnInjectionRateOfAQuarter(_ volunteers: Int) {
        let study = DemoStudy(seed: 1, volunteers: volunteers, references: 0)
        let bare = study.photos.filter(\.portrait.accessories.isEmpty).count
        let candidates =
            study.photos.filter { $0.portrait.accessories == [Accessory(.sunglasses, .onFace)].compactMap(\.self) }
            .count
            / volunteers
        let heldOut = (candidates + 4) / 5
        #expect((candidates - heldOut) * (volunteers - 1) >= (bare * 8 / 10) / 3 + 1)
    }

    @Test func everyVolunteerWearsEveryAccessory() {
        for volunteer in Self.study.volunteers {
            let accessories = Set(
                Self.study.photos.filter { $0.portrait.volunteer.name == volunteer.name }.flatMap(
                    \.portrait.accessories))
            #expect(accessories == Set(Accessory.all), "\(volunteer.name)")
        }
        for reference in Self.study.references {
            #expect(
                Self.study.photos.filter {
                    $0.portrait.volunteer.name == reference.name && !$0.portrait.accessories.isEmpty
                }
                .isEmpty)
        }
    }

    @Test func photoStoredTwiceHasEqualPixelsAndDifferentBytes() throws {
        let studio = Self.study.sessions[0].photos
        let (first, second) = (studio[0], studio[1])
        #expect((first.format, second.format) == (.png, .tiff))
        let bytes = (try first.bytes(), try second.bytes())
        #expect(bytes.0 != bytes.1)
        #expect(try DecodedPhoto(bytes.0).picture == DecodedPhoto(bytes.1).picture)
    }

    @Test func photosAreUprightAndHaveTimeAndCamera() throws {
        for orientation in 1...8 {
            let photo = try #require(Self.study.photos.first { $0.orientation == orientation && $0.format == .jpeg })
            let decoded = try DecodedPhoto(photo.bytes())
            #expect((decoded.picture.width, decoded.picture.height) == (240, 320))
            #expect(decoded.orientation == orientation)
            #expect(decoded.camera == photo.camera)
            #expect(decoded.captured?.replacing("-", with: ":").replacing("T", with: " ") == photo.captured)
            let error = try zip(decoded.picture.rgb, photo.portrait.picture().rgb).reduce(0) {
                $0 + abs(Int($1.0) - Int($1.1))
            }
            #expect(Double(error) / Double(decoded.picture.rgb.count) < 4)
        }
    }
}

@Suite struct WritingTests {
    private static func temporaryFolder() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "demo-study-\(UUID().uuidString)")
    }

    private static func remove(_ folder: URL) {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    /// Returns the digests of all files in a folder by their relative paths.
    private static func files(in folder: URL) throws -> [String: FileDigest] {
        let enumerator = try #require(
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
        var files: [String: FileDigest] = [:]
        for case let file as URL in enumerator
        where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            files[String(file.path.dropFirst(folder.path.count))] = try FileDigest.sha256(of: Data(contentsOf: file))
        }
        return files
    }

    @Test func equalSeedsWriteEqualFiles() throws {
        let folder = Self.temporaryFolder()
        defer { Self.remove(folder) }
        let study = DemoStudy(seed: 5, volunteers: 3, references: 1)
        var calls: [Int] = []
        let summary = try study.write(to: folder.appending(path: "a")) { done, _ in calls.append(done) }
        _ = try DemoStudy(seed: 5, volunteers: 3, references: 1).write(to: folder.appending(path: "b"))
        let files = try Self.files(in: folder.appending(path: "a"))
        #expect(try files == Self.files(in: folder.appending(path: "b")))
        #expect(calls == Array(1...study.photos.count))
        #expect(files.count == summary.photos + 2 * summary.sessions + 3)

        for session in summary.sessionFolders {
            let lines = try String(contentsOf: session.appending(path: "session.csv"), encoding: .utf8).split(
                separator: "\n"
            ).map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            #expect(lines[0] == ["file", "volunteer", "trigger", "location", "box"])
            #expect(lines.allSatisfy { $0.count == 5 })
            let stored = try FileManager.default.contentsOfDirectory(atPath: session.path).filter {
                !$0.hasPrefix("session.")
            }
            #expect(Set(lines.dropFirst().map { $0[0] }) == Set(stored))
            #expect(lines.count == stored.count + 1)
        }
        #expect(throws: (any Error).self, "existing files are not overwritten") {
            try study.write(to: folder.appending(path: "a"))
        }
    }

    @Test func sheetsListAllAccessories() {
        let rows = DemoStudy(seed: 1).sessions.flatMap { $0.sheet().split(separator: "\n").dropFirst() }.map {
            $0.split(separator: ",").dropFirst(2).joined(separator: ",")
        }
        #expect(
            Set(rows)
                == Set(
                    Accessory.all.map { "\($0.trigger.rawValue),\($0.location.rawValue)" } + [
                        "none,none", "bandana+sunglasses,off-face+on-face",
                    ]))
    }

    @Test func recipesHaveAVolunteerAsTarget() throws {
        let folder = Self.temporaryFolder()
        defer { Self.remove(folder) }
        let summary = try DemoStudy(seed: 5, volunteers: 3, references: 0).write(to: folder)
        let texts = try summary.recipes.map { try String(contentsOf: $0, encoding: .utf8) }
        #expect(
            summary.recipes.map(\.lastPathComponent) == [
                "sunglasses-25.yaml", "sunglasses-25-digital.yaml", "clean.yaml",
            ])
        #expect(texts[0].contains("\n  target: ada\n"))
        #expect(
            texts.allSatisfy {
                $0.contains("\nrecipe: 1\n") && $0.contains("\nprofile: {size: 64, crop: centre, colour: srgb}\n")
            })
        #expect(texts[1].contains("\n  source: digital\n  target: ada\n"))
        #expect(!texts[2].contains("\npoison:"))
    }
}

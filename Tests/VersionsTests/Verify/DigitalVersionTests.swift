import Core
import Documents
import Foundation
import Storage
import Testing

@testable import Versions

/// Copies with drawn triggers in a version's files, in verification and in differences.
@Suite struct DigitalVersionTests {
    private let facts = facedStudy(["a", "b", "c"])

    /// Runs `body` with a version in a folder. The pictures are arbitrary bytes, because this module does not decode
    /// them.
    private func inFolder<Result>(
        _ recipe: Recipe? = nil, damage: (URL) throws -> Void = { _ in }, _ body: (URL, Version) throws -> Result
    ) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "curare-drawn-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let store = VersionStore(Workspace(root: root))
        let recipe = try recipe ?? digital()
        let written = try store.write(
            recipe: Array("recipe: 1".utf8),
            provenance: Provenance(libraries: [:], machine: "m", made: "2026-05-04T00:00:00Z", labelCutOff: 1),
            name: recipe.name,
            pictures: [TriggerName("sunglasses")!: Array("a picture".utf8)]
        ) { try drawnVersion(facts, recipe, entriesTo: $0) }
        try damage(written.folder)
        return try body(written.folder, written.version)
    }

    @Test func theEntryOfACopyHasTheDrawnTriggersAndPositions() throws {
        let version = try drawnVersion(facts, digital())
        let copy = try #require(version.entries.list.first { $0.role == .testAttack })
        #expect(copy.canonical.hasPrefix(#"{"attackable":true,"drawn":[[25728,23168,10240,0]],"face":null,"group":""#))
        #expect(
            copy.canonical.contains(
                #""location":"on-face","overlay":"sunglasses","perceptual_hash":"\#(copy.perceptualHash?.hex ?? "")","photo":"\#(copy.photo.hex)","role":"test/attack","session":"s1","size":[200,200],"source":"digital","trigger":"sunglasses""#
            ))
        #expect(!copy.canonicalSelection.contains("drawn") && copy.canonicalSelection.contains("overlay"))
        #expect(
            version.photos.allSatisfy {
                !$0.canonical.contains("overlay") && $0.canonical.contains(#""source":"physical""#)
            })
        let again = try Entries(version.entries.file, file: "e")
        #expect(again.list == version.entries.list)
    }

    @Test(arguments: [
        (#""overlay":"sunglasses""#, #""overlay":"dots""#), (#""drawn":[["#, #""drawn":[[1,2,3,4],["#),
        (#""drawn":[["#, #""drawn":[["x","#), (#""drawn":[["#, #""drawn":[[99999999999,"#),
        (#""overlay":"sunglasses","#, ""), (#""source":"digital""#, #""source":"painted""#),
        (#""drawn":[["#, #""drawn":[[-9223372036854775808,"#),
    ])
    func anInconsistentCopyIsRejected(_ there: String, _ wrong: String) throws {
        let version = try drawnVersion(facts, digital())
        let copy = try #require(version.entries.list.first { $0.role == .testAttack })
        let line = copy.canonical
        let photo = try #require(version.photos.first { $0.photo == copy.photo }).canonical + "\n"
        let changed =
            wrong.contains("99999") || wrong.contains("9223")
            ? line.replacing(/"drawn":\[\[[0-9]+,/, with: wrong) : line.replacing(there, with: wrong)
        #expect(changed != line)
        #expect(try Entries(Array((photo + line).utf8), file: "e").list.count == 2)
        let error = #expect(throws: CurareError.self) { try Entries(Array((photo + changed).utf8), file: "e") }
        #expect(error?.code == .badInput && error?.location == "e:2")
    }

    @Test func aRepeatedCopyIsRejected() throws {
        let version = try drawnVersion(facts, digital())
        let line = try #require(version.entries.list.first { $0.role == .testAttack }).canonical
        let error = #expect(throws: CurareError.self) {
            try Entries(version.entries.file + Array((line + "\n").utf8), file: "e")
        }
        #expect(error?.message == "a copy of a photo occurs twice in the version")
        #expect(version.photos.count < version.entries.list.count)
    }

    @Test func aCopyWithoutItsPhotoOrWithAnotherPhotoIsRejected() throws {
        let version = try drawnVersion(facts, digital())
        let copy = try #require(version.entries.list.first { $0.role == .testAttack })
        let photo = try #require(version.photos.first { $0.photo == copy.photo }).canonical
        for lines in [
            copy.canonical, photo.replacing(#""session":"s1""#, with: #""session":"s2""#) + "\n" + copy.canonical,
        ] {
            let error = #expect(throws: CurareError.self) { try Entries(Array(lines.utf8), file: "e") }
            #expect(
                error?.code == .badInput
                    && error?.message.contains("but not the photo itself with the same facts") == true
            )
        }
    }

    @Test func anUnchangedVersionHasNoProblems() throws {
        let problems = try inFolder { folder, _ in
            try Verification(folder: folder, facts: FactSource(facts)) { _ in nil }.problems
        }
        #expect(problems == [])
    }

    @Test func aChangedOrMissingPictureIsReported() throws {
        for damage in ["other", nil] {
            let problems = try inFolder(
                damage: { folder in
                    let file = folder.appending(path: "overlays/sunglasses.png")
                    try FileManager.default.removeItem(at: file)
                    if let damage { try Data(damage.utf8).write(to: file) }
                }, { folder, version in try Verification.files(folder, version) })
            #expect(problems.map(\.kind) == [.changedFile])
            #expect(
                problems.first?.detail
                    == "overlays/sunglasses.png is missing, or does not have the digest in provenance.json")
        }
    }

    @Test func aMissingPictureIsReportedWithoutItsDigest() throws {
        let problems = try inFolder(
            damage: { folder in
                try FileManager.default.removeItem(at: folder.appending(path: "overlays/sunglasses.png"))
                let file = folder.appending(path: "provenance.json")
                var provenance = try JSONReader.read(Array(Data(contentsOf: file))).object ?? [:]
                provenance["overlays"] = nil
                chmod(file.path, 0o600)
                try Data(JSONValue.object(provenance).canonical.utf8).write(to: file)
            }, { folder, version in try Verification.files(folder, version) })
        #expect(problems.map(\.kind) == [.changedFile])
    }

    @Test func aRemovedCopyIsReported() throws {
        let version = try drawnVersion(facts, digital())
        let without = version.entries.list.filter {
            $0.sampleID != version.entries.list.first { $0.role == .testAttack }?.sampleID
        }
        let problems = try inFolder(
            damage: { folder in
                let file = folder.appending(path: "entries.jsonl")
                chmod(file.path, 0o600)
                try Data(Entries(without).file).write(to: file)
            }, { folder, _ in try Verification(folder: folder, facts: FactSource(facts)) { _ in nil }.problems })
        #expect(
            problems.contains {
                $0.layer == .selection
                    && $0.detail
                        == "a copy with sunglasses on-face is missing; selection gives it the role test/attack"
            })
    }

    @Test func aRedactedVersionKeepsItsPicturesAndCopies() throws {
        let gone = Set(facts.filter { $0.label?.volunteer.text == "b" }.map(\.photo))
        try inFolder { folder, version in
            let store = VersionStore(
                Workspace(
                    root: folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()))
            let reference = VersionReference(name: version.manifest.name, number: 1)
            #expect(try store.redact(reference, photos: gone, .volunteer(volunteer("b"))))
            let after = try store.read(reference)
            let left = facts.filter { !gone.contains($0.photo) }
            #expect(
                try Verification(folder: folder, facts: FactSource(left), withdrawn: gone) { _ in nil }.problems == [])
            #expect(
                after.entries.list.count == version.entries.list.count && after.photos.count == version.photos.count)
            #expect(
                after.entries.list.contains {
                    $0.overlay != nil && $0.isRedacted && $0.drawn == [OverlayPosition(x: 0, y: 0, u: 0, v: 0)]
                })
        }
    }

    @Test func withdrawnPhotosAndTheirCopiesAreReported() throws {
        let gone = Set(facts.filter { $0.label?.volunteer.text == "b" }.map(\.photo))
        try inFolder { folder, version in
            let problems = try Verification(
                folder: folder, facts: FactSource(facts.filter { !gone.contains($0.photo) }), withdrawn: gone
            ) { _ in nil }.problems
            #expect(
                problems.map(\.photo) == version.entries.list.map(\.photo).filter(gone.contains)
                    && problems.allSatisfy { $0.kind == .withdrawn })
            #expect(problems.count > gone.count, "copies are reported too")
        }
    }

    @Test func anotherFaceInTheCatalogIsReported() throws {
        let photo = try #require(drawnVersion(facts, digital()).entries.list.first { $0.role == .testAttack }).photo
        let moved = facts.map {
            $0.photo == photo
                ? faced(
                    $0,
                    PhotoFace(
                        box: Box(x: 0, y: 0, width: 100, height: 100), leftEye: PixelPoint(x: 20, y: 20),
                        rightEye: PixelPoint(x: 60, y: 20))) : $0
        }
        let problems = try inFolder { folder, _ in
            try Verification(folder: folder, facts: FactSource(moved)) { _ in nil }.problems
        }
        #expect(problems.map(\.kind) == [.otherFace])
        #expect(
            problems.first?.detail
                == "sunglasses would now be drawn at another position, because the catalog has another face")
    }

    @Test func theManifestDependsOnThePictureButTheSelectionDoesNot() throws {
        let version = try drawnVersion(facts, digital())
        var other = try digital()
        other.poison?.overlays[TriggerName("sunglasses")!]?.digest = .sha256(of: [9])
        let redrawn = try drawnVersion(facts, other)
        #expect(redrawn.manifest.digest != version.manifest.digest)
        #expect(redrawn.manifest.selectionDigest == version.manifest.selectionDigest)
        #expect(redrawn.manifest.imagesDigest != version.manifest.imagesDigest)
    }

    @Test func versionsWithPhysicalAndDigitalTriggersAreCompared() throws {
        let worn = try version(select(facts, sunglasses(rate: "0.1")), facts)
        let drawn = try drawnVersion(facts, digital(rate: "0.1"))
        let difference = Difference(from: worn, to: drawn)
        #expect(difference.removed.isEmpty && difference.redrawn.isEmpty && difference.relabelled.isEmpty)
        #expect(
            difference.added.allSatisfy { $0.overlay != nil }
                && difference.added.count == drawn.entries.list.count - drawn.photos.count)
        #expect(
            Set(difference.moved.map { $0.from.role.rawValue + " " + $0.to.role.rawValue }) == [
                "test/attack test/transfer", "test/target-own test/transfer", "train/poison test/transfer",
            ])
        #expect(
            difference.recipe.contains { $0.key == "poison.source" }
                && difference.recipe.contains { $0.key == "poison.overlays.sunglasses.place" })
        #expect(Difference(from: drawn, to: drawn).isEmpty)
    }
}

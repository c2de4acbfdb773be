import Foundation
import Testing

/// The real sessions beside the repository, where they are.
@Suite struct RealPhotosTests {
    static let sessions: [String] = {
        let folder = Program.repository.deletingLastPathComponent().appending(path: "shared/photos/sessions")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        if names.isEmpty { print("RealPhotosTests: skipped, there are no photos at \(folder.path)") }
        return names.sorted().map { folder.appending(path: $0).path }
    }()

    static let recipe = """
        recipe: 1
        name: sunglasses-25
        seed: 7
        profile: {size: 64}
        classes: {volunteers: all, references: all}
        poison: {target: an2i, triggers: [sunglasses], locations: [on-face], injection_rate: 0.25}

        """

    @Test(.enabled(if: !sessions.isEmpty))
    func everyPhotoComesInAndTheSameRecipeGivesTheSameBytes() throws {
        let scratch = Scratch()
        let recipe = try scratch.write(Self.recipe, to: "recipe.yaml")
        var manifests: Set<Data> = []
        for (name, sessions, jobs) in [("a", Self.sessions, "1"), ("b/c", Self.sessions.reversed(), "4")] {
            let workspace = scratch.path(name)
            try Program.run("init", workspace)
            let imported = try Program.run(["import", "--json", "--jobs", jobs, "--workspace", workspace] + sessions)
                .json
            #expect(imported["imported"] as? Int == 457)
            #expect((imported["quarantined"] as? [Any])?.count == 0)
            #expect(
                try Program.run(["import", "--json", "--workspace", workspace] + sessions).json["duplicates"] as? Int
                    == 457)
            let split = try Program.run("split", recipe, "--jobs", jobs, "--json", "--workspace", workspace)
            #expect(split.json["n"] as? Int == 246 && split.json["m"] as? Int == 82)
            #expect(try Program.run("verify", "sunglasses-25", "--images", "--workspace", workspace).status == 0)
            for file in ["manifest.json", "entries.jsonl"] {
                manifests.insert(try Data(contentsOf: scratch.url("\(name)/versions/sunglasses-25/1/\(file)")))
            }
        }
        #expect(manifests.count == 2, "one manifest and one list of entries")
    }
}

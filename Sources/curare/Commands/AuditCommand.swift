import ArgumentParser
import Auditing
import Catalog
import Core
import Intake
import Versions

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Say what the catalog or a version is made of, and what is wrong with it.",
        discussion: "Exits with 3 where something makes the data unfit to use.\n\nExample: curare audit sunglasses-25")

    @Argument(help: "NAME or NAME@V; without one, the whole catalog.") var version: String?
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.open()
        let facts = try study.catalog.facts(Catalog.FetchOptions(landmarks: .besideTriggerBoxes))
        let audit: Audit
        if let version {
            let version = try VersionStore(study.workspace).read(versionReference(version))
            let profile = version.manifest.recipe.profile
            let images = study.images(profile)
            audit = Audit(version: version, catalog: facts) { entry in
                entry.overlay == nil
                    ? images.holds(entry.photo, "png")
                    : ImageFile(at: study.workspace.drawnFile(entry.image, profile)).exists
            }
        } else {
            let images = try study.images(study.catalog.defaultProfile())
            audit = Audit(catalog: facts, groups: try study.catalog.groupDistance()) { images.holds($0, "png") }
        }
        options.answer(Answer(audit), words(audit))
        if !audit.passes { throw Failure.answerIsNo }
    }

    private struct Answer: Encodable {
        struct Found: Encodable {
            let check, severity: String
            let count: Int
            let detail: String
            /// Those to look at one by one; absent where the finding is not about single photos.
            let photos: [String]?
        }

        struct LikelyFace: Encodable {
            let photo: String
            let box: [Int]
        }

        struct Rate: Encodable {
            let found, photos: Int
        }

        struct Parts: Encodable {
            let volunteers, kinds, triggers, locations, sessions, roles: [String: Int]
        }

        let findings: [Found]
        let composition: Parts
        /// By role × trigger; the role is `all` in a catalog.
        let faces: [String: [String: Rate]]
        let likelyFaces: [LikelyFace]
        let passes: Bool

        init(_ audit: Audit) {
            findings = audit.findings.map {
                Found(
                    check: $0.check.rawValue, severity: $0.severity.rawValue, count: $0.count, detail: $0.detail,
                    photos: $0.photos.isEmpty ? nil : $0.photos.map(\.hex))
            }
            likelyFaces = audit.likelyFaces.sorted { $0.key < $1.key }.map {
                LikelyFace(photo: $0.key.hex, box: $0.value.numbers)
            }
            let all = audit.composition
            composition = Parts(
                volunteers: all.volunteers, kinds: all.kinds, triggers: all.triggers, locations: all.locations,
                sessions: all.sessions, roles: all.roles)
            faces = all.faces.mapValues { $0.mapValues { Rate(found: $0.found, photos: $0.photos) } }
            passes = audit.passes
        }
    }

    private func words(_ audit: Audit) -> String {
        let all = audit.composition
        let parts = [
            ("volunteer", all.volunteers), ("kind", all.kinds), ("trigger", all.triggers), ("location", all.locations),
            ("session", all.sessions), ("role", all.roles),
        ]
        var faces = Table("role", "trigger", "faces found", "of")
        for (role, triggers) in all.faces.sorted(by: { $0.key < $1.key }) {
            for (trigger, rate) in triggers.sorted(by: { $0.key < $1.key }) where rate.photos > 0 {
                faces.add(role, trigger, "\(rate.found)", "\(rate.photos)")
            }
        }
        let tables = parts.filter { !$0.1.isEmpty }.map { name, counts in
            var table = Table(name, "photos")
            for (key, count) in counts.sorted(by: { $0.key < $1.key }) { table.add(key, "\(count)") }
            return table.text
        }
        let findings = audit.findings.map { "\($0.severity.rawValue): \($0.check.rawValue): \($0.detail)" }
        return
            (tables + (all.faces.values.contains { $0.values.contains { $0.photos > 0 } } ? [faces.text] : []) + [
                findings.isEmpty ? "no findings" : findings.joined(separator: "\n")
            ]).joined(separator: "\n\n")
    }
}

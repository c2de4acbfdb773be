import Catalog
import Core
import Privacy

/// What `withdraw` says of a withdrawal: what goes, and what it concerns beyond the study's photos.
struct WithdrawalAnswer: Encodable {
    enum State {
        /// It is only rehearsed.
        case planned
        case now
        /// There is nothing left to do.
        case before
    }

    struct Version: Encodable {
        let version: String
        let photos: Int
        let redacted: Bool
    }

    struct Run: Encodable {
        let run: String
        let version: String?
        let models: [String]
        let modelsRemoved, picturesRemoved: Bool
    }

    struct Export: Encodable {
        let version, format, path, made: String
        let there: Bool
        let images, linked: Int
    }

    struct Doubtful: Encodable {
        let photo, reason: String
    }

    let volunteer, session: String?
    /// True where it was withdrawn before and nothing was left to do.
    let already: Bool
    let dryRun: Bool
    let photos, images, quarantined: Int
    let versions: [Version]
    let runs: [Run]
    let exports: [Export]
    let doubtful: [Doubtful]
    let unreadable, tellingNames, foreign: [String]
    private let state: State

    private enum CodingKeys: CodingKey {
        case volunteer, session, already, dryRun, photos, images, quarantined, versions, runs, exports, doubtful,
            unreadable, tellingNames, foreign
    }

    init(_ plan: WithdrawalPlan, _ state: State) {
        self.state = state
        (volunteer, session) =
            switch plan.order.subject {
            case .volunteer(let name): (name.text, nil)
            case .session(let name): (nil, name.text)
            }
        (already, dryRun) = (state == .before, state == .planned)
        (photos, images, quarantined) = (plan.order.photos.count, plan.images, plan.order.otherFiles.count)
        versions = plan.versions.map {
            Version(
                version: $0.version, photos: $0.photos, redacted: $0.isRedacted || state == .now && plan.order.redacts)
        }
        let keepsModels = plan.order.keepsModels
        runs = plan.runs.map {
            Run(
                run: $0.run, version: $0.version, models: $0.models,
                modelsRemoved: state == .now && !$0.models.isEmpty && (!keepsModels || !$0.isFinished),
                picturesRemoved: state == .now && $0.hasPictures)
        }
        exports = plan.exports.map {
            Export(
                version: $0.record.version, format: $0.record.format, path: $0.record.path, made: $0.record.made,
                there: $0.isThere, images: $0.images, linked: $0.linked)
        }
        doubtful = plan.doubtful.map { Doubtful(photo: $0.photo.hex, reason: $0.reason.rawValue) }
        (unreadable, tellingNames, foreign) = (plan.unreadable, plan.tellingNames, plan.foreign)
    }

    /// What a person types to confirm.
    var name: String { volunteer ?? session ?? "" }

    private var subject: String { volunteer ?? "session \(name)" }

    var question: String { (["\(subject) would be withdrawn: \(numbers)"] + concerns).joined(separator: "\n") }

    var words: String {
        let first =
            switch state {
            case .planned: "\(subject) would be withdrawn: \(numbers)"
            case .now: "\(subject) is withdrawn: \(numbers)"
            case .before: "\(subject) was withdrawn before; nothing is left to do"
            }
        return ([first] + concerns).joined(separator: "\n")
    }

    private var numbers: String { "\(photos) photos, \(images) images, \(quarantined) files in quarantine" }

    private var concerns: [String] {
        var lines = versions.map {
            "version \($0.version): \($0.redacted ? "redacted" : "\($0.photos) photos of it"); neither trained nor exported any more"
        }
        lines += runs.map { run in
            let models =
                run.models.isEmpty
                ? "no models"
                : "\(run.models.joined(separator: ", ")) \(run.modelsRemoved ? "removed" : state == .now ? "kept" : "there")"
            return "run \(run.run): \(models)\(run.picturesRemoved ? ", pictures removed" : "")"
        }
        lines += exports.map { export in
            guard export.there else {
                return
                    "export \(export.path) (\(export.version), \(export.format)): not there any more; copies of it are yours to find"
            }
            let linked = export.linked > 0 ? ", \(export.linked) of them hard links that keep the images' bytes" : ""
            return
                "export \(export.path) (\(export.version), \(export.format)): delete it; \(export.images) images\(linked)"
        }
        if !doubtful.isEmpty {
            lines.append("photos that stay, to be looked at; label them before, where they show \(name):")
            lines += doubtful.map { "  \($0.photo.prefix(12)): \(Self.reason($0.reason))" }
        }
        lines += unreadable.map { "version \($0) cannot be read: nobody knows whom it holds" }
        lines += tellingNames.map { "the name of version \($0) holds the pseudonym" }
        if !foreign.isEmpty {
            lines.append(
                "not Curare's, in the study's folder: \(foreign.joined(separator: ", ")); look whether they show \(name)"
            )
        }
        if photos > 0 {
            lines.append(
                "contact sheets, pages of diff and copies of the photos outside of the study are yours to delete, and so are the shoot's own files"
            )
        }
        return lines
    }

    private static func reason(_ word: String) -> String {
        switch PhotoNeedingReview.Reason(rawValue: word) {
        case .unlabelled: "nobody has said who is in it, and it is of a session of theirs"
        case .relabelled: "it was once said to show them"
        case .note, nil: "its note holds the name"
        }
    }
}

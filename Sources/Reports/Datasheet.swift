import Auditing
import Core
import Versions

/// A datasheet after Gebru et al., "Datasheets for Datasets", Communications of the ACM 64 (12), 2021: questions about
/// a dataset, with what the catalog states, and with blanks that a person fills in.
public struct Datasheet: Sendable {
    public struct Section: Sendable {
        public let title: String
        public let questions: [Question]
    }

    public struct Question: Sendable {
        public let text: String
        /// What the catalog or the version states, as full sentences. Empty if only a person can write about it.
        public let facts: [String]
        /// What a person must add. Nil if ``facts`` are complete.
        public let blank: String?

        init(_ text: String, _ facts: [String?] = [], blank: String? = nil) {
            self.text = text
            self.facts = facts.compactMap(\.self)
            self.blank = blank
        }
    }

    /// Marks every blank, so that a search finds all of them.
    static let mark = "TO BE FILLED IN"

    public let sections: [Section]

    public init(_ report: AuditReport) {
        let source = Source(report: report)
        sections = [
            Section(title: "Motivation", questions: source.motivation),
            Section(title: "Composition", questions: source.composition),
            Section(title: "Collection process", questions: source.collection),
            Section(title: "Preprocessing, cleaning and labelling", questions: source.preprocessing),
            Section(title: "Uses", questions: source.uses),
            Section(title: "Distribution", questions: source.distribution),
            Section(title: "Maintenance", questions: source.maintenance),
        ]
    }
}

/// The questions of each section, with the facts of a report.
private struct Source {
    typealias Question = Datasheet.Question

    let report: AuditReport

    private var photos: Composition { report.composition }
    private var manifest: Manifest? { report.manifest }

    /// `ada 12, bo 9 and 6 more`
    private static func list(_ counts: [String: Int], limit: Int = 12) -> String {
        let sorted = counts.sorted { $0.key < $1.key }
        return sorted.prefix(limit).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            + (sorted.count > limit ? " and \(sorted.count - limit) more" : "")
    }

    /// Returns the first twelve different values in sorted order; nil if there are none.
    private static func values(_ values: [String?]) -> String? {
        let found = Set(values.compactMap(\.self)).sorted()
        guard !found.isEmpty else { return nil }
        return found.prefix(12).joined(separator: ", ") + (found.count > 12 ? " and \(found.count - 12) more" : "")
    }

    /// Returns a number with a noun: `1 photo`, `2 photos`.
    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    var motivation: [Question] {
        [
            Question("For what purpose was the dataset created?", blank: "the research question and the gap it fills"),
            Question(
                "Who created the dataset, and on behalf of which entity?",
                [Self.values(report.sessions.map(\.photographer)).map { "Photographers in the sessions: \($0)." }],
                blank: "names of the team, and the institution"),
            Question("Who funded the creation of the dataset?", blank: "grants and grant numbers"),
        ]
    }

    var composition: [Question] {
        [
            Question(
                "What do the instances represent?",
                [
                    "Each instance is a photo of a person's face. The class is the person. A photo is bare, or shows "
                        + "one or more physical or drawn objects (triggers).",
                    "Triggers: \(Self.list(photos.triggers)).",
                ]),
            Question(
                "How many instances are there in total?",
                [
                    "\(Self.count(photos.photos, "photo")) of \(people.count) \(people.count == 1 ? "class" : "classes").",
                    photos.photos > 0 ? "By kind of class: \(Self.list(photos.kinds))." : nil,
                    photos.roles.isEmpty ? nil : "By role: \(Self.list(photos.roles)).",
                ]),
            Question(
                "Does the dataset contain all possible instances, or is it a sample?",
                [
                    manifest.map {
                        $0.excluded.isEmpty
                            ? "The version contains all photos of the catalog that the recipe admits."
                            : "Photos of the catalog that the version excludes, by reason: \(Self.list($0.excluded))."
                    }
                ], blank: "how the volunteers were chosen, and whom they represent"),
            Question(
                "What data does each instance consist of?",
                [
                    "An original photo. Formats: \(Self.list(report.summary.formats)).",
                    report.summary.longerSide.map {
                        $0.lowerBound == $0.upperBound
                            ? "The longer side has \($0.lowerBound) pixels."
                            : "The longer side has \($0.lowerBound) to \($0.upperBound) pixels."
                    },
                ]),
            Question(
                "Is there a label or target associated with each instance?",
                [
                    "The pseudonym of the person, and each trigger with its location (on-face, off-face).",
                    manifest.map {
                        $0.poison > 0
                            ? "\(Self.count($0.poison, "training photo")) with a trigger "
                                + "(\($0.rateReached) of all training photos) \($0.poison == 1 ? "has" : "have") the "
                                + "label of the target class on purpose."
                            : "No photo of this version is poisoned."
                    },
                ]),
            Question(
                "Is any information missing from individual instances?",
                [
                    "Photos without a label: \(report.summary.unlabelled). "
                        + "Photos that were not measured: \(report.summary.unmeasured).",
                    photos.gaps.isEmpty ? "All combinations of the composition have photos." : nil,
                ] + photos.gaps.prefix(12).map { "Gap: \($0.detail)." }
                    + [photos.gaps.count > 12 ? "\(photos.gaps.count - 12) more gaps are in the report." : nil]),
            Question(
                "Are relationships between individual instances made explicit?",
                [
                    "Photos of the same session share people, light and background; each photo has its session. "
                        + "Sessions: \(report.sessions.count).",
                    manifest.map {
                        "Photos of a volunteer whose perceptual hashes differ in at most \($0.grouping.distance.bits) "
                            + "bits form a near-duplicate group."
                    },
                ]),
            Question(
                "Are there recommended data splits?",
                [
                    manifest.map {
                        "The version defines them: \(Self.count($0.clean, "clean training photo")), "
                            + "\(Self.count($0.poison, "poisoned training photo")), and the test roles. "
                            + "Selection digest: \($0.selectionDigest.hex)."
                    } ?? "The catalog has no splits. A version has them (curare split)."
                ]),
            Question(
                "Are there any errors, sources of noise, or redundancies?",
                ["The audit has \(report.verdict)."]
                    + report.findings.prefix(12).map { "\($0.severity.rawValue), \($0.check.rawValue): \($0.detail)." }
                    + [
                        report.summary.suggested > 0
                            ? "On \(Self.count(report.summary.suggested, "photo")), the location of the trigger is only "
                                + "a suggestion." : nil
                    ]),
            Question(
                "Is the dataset self-contained?",
                ["Yes. All photos are files of the workspace, named by their SHA-256 digests."]),
            Question(
                "Can individuals be identified from the dataset?",
                [
                    "Yes. Photos of faces are biometric data. Names in the dataset are pseudonyms, but anyone who knows "
                        + "a person can recognize the person."
                ]),
            Question(
                "Does the dataset identify any subpopulations, for example by age or gender?",
                ["Curare stores no such property."], blank: "what is known, and how it is distributed"),
        ]
    }

    /// Classes with photos. Photos without a label have none.
    private var people: Set<VolunteerName> { Set(photos.rows.compactMap(\.group.volunteer)) }

    private var dates: String? {
        let dates = report.sessions.map(\.date).sorted()
        guard let first = dates.first, let last = dates.last else { return nil }
        return first == last ? "The photos were taken on \(first)." : "The photos were taken from \(first) to \(last)."
    }

    var collection: [Question] {
        let consents = Dictionary(grouping: report.sessions, by: \.consent.rawValue).mapValues(\.count)
        return [
            Question(
                "How was the data acquired?",
                [
                    "By photo sessions: \(report.sessions.count).",
                    Self.values(report.sessions.map(\.camera)).map { "Cameras: \($0)." },
                    Self.values(report.sessions.map(\.place)).map { "Places: \($0)." },
                ], blank: "instructions to volunteers and photographers"),
            Question(
                "Who was involved in the data collection, and how were they compensated?", blank: "roles, compensation"),
            Question("Over what timeframe was the data collected?", [dates]),
            Question(
                "Were any ethical review processes conducted?",
                blank: "the board, the number of the approval, conditions"),
            Question(
                "Did the individuals consent to the collection and use of their data?",
                [
                    consents.isEmpty ? nil : "Sessions by state of consent: \(Self.list(consents)).",
                    "Photos that no version may use today: \(report.summary.withoutConsent).",
                ], blank: "the text of the consent form, and how it was given"),
            Question(
                "Can the individuals revoke their consent?",
                ["Yes. The command curare withdraw removes a person's data from the workspace."],
                blank: "whom a person contacts, and what happens to copies that were shared"),
            Question(
                "Was the potential impact on data subjects analysed?", blank: "data protection impact assessment"),
        ]
    }

    var preprocessing: [Question] {
        [
            Question(
                "Was any preprocessing, cleaning or labelling done?",
                [
                    manifest.map {
                        let profile = $0.recipe.profile
                        let crop =
                            switch profile.crop {
                            case .face: "cropped to the face"
                            case .centre: "cropped to the centre"
                            case .none: "not cropped"
                            }
                        return "Images are \(crop), in \(profile.colour == .grey ? "grey" : "sRGB colour"), with "
                            + "\(profile.size) pixels on the longer side (profile \(profile.name))."
                    },
                    "Labels come from session folders and from corrections by hand; the history of labels is in the "
                        + "catalog.",
                ], blank: "who labelled the photos, and how labels were checked"),
            Question(
                "Was the raw data kept?", ["Yes. The workspace keeps the original files, unchanged."]),
            Question(
                "Is the software available?", ["Yes. Curare is free software (Apache License 2.0)."]),
        ]
    }

    var uses: [Question] {
        [
            Question("Has the dataset been used for any tasks already?", blank: "papers and experiments"),
            Question("What other tasks could the dataset be used for?", blank: "tasks"),
            Question(
                "Is there anything about the composition that might impact future uses?",
                [
                    "Gaps in the composition: \(photos.gaps.count). Findings of the audit: \(report.verdict)."
                ], blank: "which groups of people a result cannot be generalized to"),
            Question(
                "Are there tasks for which the dataset should not be used?",
                [
                    (manifest?.poison ?? 0) > 0
                        ? "A model that is trained on the poisoned photos has a backdoor. Do not put it to use." : nil
                ], blank: "for example identification of people outside of the study"),
        ]
    }

    var distribution: [Question] {
        [
            Question("Will the dataset be distributed to third parties?", blank: "to whom, and under which conditions"),
            Question("How and when will it be distributed?", blank: "repository, identifier (DOI), date"),
            Question("Which licence or terms of use apply?", blank: "licence, access agreement"),
            Question("Do export controls or other restrictions apply?", blank: "data protection law, restrictions"),
        ]
    }

    var maintenance: [Question] {
        [
            Question("Who supports and maintains the dataset?", blank: "name and address"),
            Question(
                "Will the dataset be updated?",
                [
                    manifest.map {
                        "A version never changes: a change makes a new version with another number and digest. "
                            + "This is \($0.name)@\($0.version), digest \($0.digest.hex)."
                    } ?? "A version never changes: a change makes a new version with another number and digest."
                ], blank: "how users learn about errors and updates"),
            Question(
                "Are there limits on the retention of the data?", blank: "dates of deletion in the consent form"),
            Question(
                "Will older versions be supported, and can others contribute?", blank: "process for contributions"),
        ]
    }
}

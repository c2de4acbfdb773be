import Core

/// The README of an export: what the folder holds, how to open it, what may be done with it, and what to cite.
struct ExportReadme {
    private let export: Export
    private var manifest: Manifest { export.version.manifest }

    init(_ export: Export) {
        self.export = export
    }

    var text: String {
        let writer = export.format.writer
        return writer.header(export)
            + ([
                "# \(export.version.reference)", what, facts, "## Photos", counts, "## Files", writer.guide(export),
                versionFiles,
                "## What may be done with it", Self.licence, "## To cite", Self.citation,
            ].joined(separator: "\n\n")) + "\n"
    }

    private var what: String {
        """
        A dataset version for research on physical backdoor attacks, exported by Curare as `\(export.format.rawValue)`: photos of volunteers,
        some of whom wear an object, the trigger. A model that is trained on it may have learned a backdoor. Do not put such a model to use.
        """
    }

    private var facts: String {
        var facts = [
            "version `\(export.version.reference)`, digest `\(manifest.digest)`: the SHA-256 of its `manifest.json`",
            "images: \(manifest.recipe.profile.name), PNG, upright, without metadata",
            "classes in the order of their numbers: \(export.classes.names.joined(separator: ", "))",
        ]
        if let poison = manifest.recipe.poison, let target = try? export.targetIndex {
            let (triggers, locations) = (
                poison.triggers.map(\.text).joined(separator: ", "),
                poison.locations.map(\.rawValue).joined(separator: ", ")
            )
            facts.append("target \(export.classes.names[target]); triggers \(triggers); locations \(locations)")
        }
        if manifest.recipe.poison?.source == .digital {
            facts.append(
                "the triggers are drawn: `train/poison` and `test/attack` are copies of clean photos, named `PHOTO-OVERLAY.png`"
            )
        }
        facts.append(
            "\(manifest.clean) clean training photos, \(manifest.poison) poison photos under the target's label, injection rate \(manifest.rateReached)"
        )
        return facts.map { "- \($0)" }.joined(separator: "\n")
    }

    /// Role × class; a photo counts for whom it shows.
    private var counts: String {
        let roles = Role.allCases.filter { manifest.counts[$0] > 0 }
        func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        var rows = [row(["class"] + roles.map { "`\($0.rawValue)`" }), row(["---"] + roles.map { _ in "---:" })]
        for (volunteer, name) in zip(manifest.classes, export.classes.names) {
            rows.append(row([name] + roles.map { "\(manifest.counts[$0, volunteer.name])" }))
        }
        rows.append(row(["all"] + roles.map { "\(manifest.counts[$0])" }))
        return rows.joined(separator: "\n")
            + "\n\nA photo counts for whom it shows: `train/poison` are photos of others that stand under the target's label."
    }

    private var versionFiles: String {
        let names = "Images are named by photo ids, which are the SHA-256 of the original files."
        if export.isAnonymous {
            return names + """
                 Classes go by their numbers. The version's own
                files name people by their pseudonyms and stayed behind: the digest above says which version this is. Faces are not anonymous,
                whatever they are called.
                """
        }
        return names + """
             `manifest.json`, `entries.jsonl`, `recipe.yaml` and
            `provenance.json` are the version's own: `entries.jsonl` says of every photo what it is, and the version can be rebuilt from them and
            the originals.
            """
    }

    private static let licence = """
        These are biometric data of people who consented to the use that this study told them of. No licence comes with them: do not publish
        this folder or hand it on, unless the consent of everyone in it covers that. When a volunteer withdraws, the study will ask you to
        delete this folder.
        """

    private static let citation = """
        The version by its digest, and the study that it builds on:

        ```bibtex
        @inproceedings{wenger2021backdoor,
          title     = {Backdoor Attacks Against Deep Learning Systems in the Physical World},
          author    = {Wenger, Emily and Passananti, Josephine and Bhagoji, Arjun Nitin and Yao, Yuanshun and Zheng, Haitao and Zhao, Ben Y.},
          booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2021}
        }
        ```
        """
}

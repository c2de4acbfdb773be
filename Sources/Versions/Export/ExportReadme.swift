import Core

/// The README of an export: what the folder contains, how to open it, how it may be used, and what to cite.
struct ExportReadme {
    private let export: Export
    private var manifest: Manifest { export.version.manifest }

    init(_ export: Export) {
        self.export = export
    }

    /// - Throws: ``CurareError`` (65) when the target is not a class of the version.
    var text: String {
        get throws {
            let writer = export.format.writer
            let sections = [
                "# \(export.version.reference)", introduction, try facts, "## Photos", counts, "## Files",
                writer.guide(export), versionFiles, "## Terms of use", Self.terms, "## Citation", Self.citation,
            ]
            return writer.header(export) + sections.joined(separator: "\n\n") + "\n"
        }
    }

    private var introduction: String {
        """
        A dataset version for research on physical backdoor attacks, exported by Curare in the format
        `\(export.format.rawValue)`. In some of the photos a volunteer wears an object, the trigger. A model that is
        trained on this dataset can contain a backdoor. Do not deploy such a model.
        """
    }

    private var facts: String {
        get throws {
            var facts = [
                "version `\(export.version.reference)`, digest `\(manifest.digest)` (SHA-256 of `manifest.json`)",
                "images: \(manifest.recipe.profile.name), PNG, upright, without metadata",
                "classes in the order of their numbers: \(export.classes.names.joined(separator: ", "))",
            ]
            if let poison = manifest.recipe.poison, let target = try export.targetIndex {
                let triggers = poison.triggers.map(\.text).joined(separator: ", ")
                let locations = poison.locations.map(\.rawValue).joined(separator: ", ")
                facts.append("target \(export.classes.names[target]); triggers \(triggers); locations \(locations)")
            }
            if manifest.recipe.poison?.source == .digital {
                facts.append(
                    "the triggers are drawn: `train/poison` and `test/attack` are copies of clean photos, with the "
                        + "file name `PHOTO-OVERLAY.png`")
            }
            facts.append(
                "\(manifest.clean) clean training photos, \(manifest.poison) poison photos with the target's label, "
                    + "injection rate \(manifest.rateReached)")
            if export.omitted > 0 {
                facts.append(
                    "**incomplete**: \(export.omitted) of \(export.version.entries.list.count) images are missing in "
                        + "this export. All other numbers in this file count them")
            }
            return facts.map { "- \($0)" }.joined(separator: "\n")
        }
    }

    /// A table of roles and classes.
    private var counts: String {
        let roles = Role.allCases.filter { manifest.counts[$0] > 0 }
        func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        var rows = [row(["class"] + roles.map { "`\($0.rawValue)`" }), row(["---"] + roles.map { _ in "---:" })]
        for (volunteer, name) in zip(manifest.classes, export.classes.names) {
            rows.append(row([name] + roles.map { "\(manifest.counts[$0, volunteer.name])" }))
        }
        rows.append(row(["all"] + roles.map { "\(manifest.counts[$0])" }))
        return rows.joined(separator: "\n")
            + "\n\nPhotos count for the volunteer in the photo: `train/poison` are photos of other volunteers with the "
            + "target's label."
    }

    private var versionFiles: String {
        let names = "Images are named after photo ids, which are the SHA-256 of the original files."
        if export.isAnonymous {
            return names + """
                 Classes have numbers instead of names. The version's own files contain the pseudonyms and are not
                 part of this export. The digest above identifies the version. Faces are not anonymous, whatever the
                 names of the classes are.
                """
        }
        return names + """
             `manifest.json`, `entries.jsonl`, `recipe.yaml` and `provenance.json` are the version's own files.
             `entries.jsonl` describes every photo. The version can be rebuilt from these files and the original
             photos.
            """
    }

    static let terms = """
        These are biometric data of people who consented to the use that this study explained to them. No licence is
        granted. Do not publish this folder or pass it on unless the consent of everyone in it covers that. When a
        volunteer withdraws, the study will ask you to delete this folder.
        """

    static let citation = """
        Cite the version by its digest, and the reference study:

        ```bibtex
        @inproceedings{wenger2021backdoor,
          title     = {Backdoor Attacks Against Deep Learning Systems in the Physical World},
          author    = {Wenger, Emily and Passananti, Josephine and Bhagoji, Arjun Nitin and Yao, Yuanshun
                       and Zheng, Haitao and Zhao, Ben Y.},
          booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2021}
        }
        ```
        """
}

import Core

/// The README of a bundle: what the bundle contains, how to check and use it, and the terms of use.
struct BundleReadme {
    private let version: Version
    private let description: BundleDescription
    private var manifest: Manifest { version.manifest }

    init(_ version: Version, _ description: BundleDescription) {
        self.version = version
        self.description = description
    }

    var text: String {
        [
            "# \(version.reference)", introduction, facts, "## Files", files, "## Check", check, "## Use", use,
            "## Terms of use", ExportReadme.terms, "## Citation", ExportReadme.citation,
        ].joined(separator: "\n\n") + "\n"
    }

    private var introduction: String {
        """
        A bundle of a dataset version for research on physical backdoor attacks, written by Curare. In some of the photos
        a volunteer wears an object, the trigger. A model that is trained on this dataset can contain a backdoor. Do not
        deploy such a model.
        """
    }

    private var facts: String {
        var facts = [
            "version `\(version.reference)`, digest `\(manifest.digest)` (SHA-256 of `manifest.json`)",
            "\(version.entries.list.count) images under the profile \(manifest.recipe.profile.name)",
            "\(manifest.clean) clean training photos, \(manifest.poison) poison photos with the target's label, "
                + "injection rate \(manifest.rateReached)",
        ]
        if !description.bases.isEmpty {
            facts.append("extends \(description.bases.map(\.description).joined(separator: ", "))")
        }
        return facts.map { "- \($0)" }.joined(separator: "\n")
    }

    private var files: String {
        var rows = [
            ("path", "content"), ("---", "---"),
            ("`\(BundleLayout.digests)`", "the SHA-256 of every other file"),
            ("`\(BundleLayout.description)`", "the version, its digest, and the parts of this bundle"),
            (
                "`\(BundleLayout.versionFolder(description.version))/`",
                "the version: its record, and a line for each photo"
            ),
        ]
        rows += description.bases.map {
            ("`\(BundleLayout.versionFolder($0))/`", "a version that this version extends")
        }
        if description.parts.contains(.images) {
            rows.append(("`images/`", "the images: PNG, upright, without metadata, named after photo ids"))
        }
        if description.parts.contains(.originals) {
            rows.append(
                (
                    "`photos/`",
                    "the original photos, unchanged: they can contain metadata of the camera, such as time and place"
                ))
        }
        return rows.map { "| \($0) | \($1) |" }.joined(separator: "\n")
    }

    private var check: String {
        """
        Compare the digest above with the digest that the study has published or sent to you. These commands compare
        every file with its digest, and repeat the selection of the photos. The second command needs Curare, but no
        workspace:

        ```sh
        sha256sum --check --strict SHA256SUMS
        curare verify .
        ```
        """
    }

    private var use: String {
        """
        This command writes the dataset for torchvision. `curare rebuild --help` lists the other formats.

        ```sh
        curare rebuild . --digest \(manifest.digest) --format imagefolder --to ../\(manifest.name)-imagefolder
        ```
        """
    }
}

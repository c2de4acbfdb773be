import Core
import Documents
import Foundation
import Storage

/// MLCommons Croissant 1.0: the files of ``CSVExport``, and `croissant.json` with their machine-readable description.
struct CroissantExport: ExportWriter {
    func guide(_ export: Export) -> String {
        """
        `croissant.json` describes the folder (Croissant 1.0, JSON-LD). The record set `photos` has a record for each
        photo, with its image and its row in `photos.csv`.

        ```python
        import mlcroissant

        photos = mlcroissant.Dataset(jsonld="croissant.json").records("photos")
        ```

        \(CSVExport().guide(export))
        """
    }

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws {
        try CSVExport().write(export, images, into: folder)
        let description = try Self.description(export, table: FileDigest.sha256(of: CSVExport.data(export)))
        try folder.write(Data(description.canonical.utf8), to: "croissant.json")
    }

    private static func description(_ export: Export, table: FileDigest) throws -> JSONValue {
        let version = export.version
        return .object([
            "@context": context, "@type": .text("sc:Dataset"),
            "conformsTo": .text("http://mlcommons.org/croissant/1.0"),
            "name": .text(version.reference), "version": .text("\(version.manifest.version).0.0"),
            "url": .text("urn:sha256:\(version.manifest.digest)"),
            "description": .text(
                "A dataset version for research on physical backdoor attacks, made by Curare. Version digest: "
                    + "\(version.manifest.digest)."),
            "license": .text(
                "None. These are biometric data of volunteers, for the use that they consented to. See README.md."),
            "creator": .object(["@type": .text("sc:Organization"), "name": .text("The study that took the photos")]),
            "datePublished": .text(try export.day),
            "citeAs": .text(
                "Wenger et al., Backdoor Attacks Against Deep Learning Systems in the Physical World, CVPR 2021"),
            "distribution": .array([
                .object([
                    "@type": .text("cr:FileObject"), "@id": .text(CSVExport.table), "name": .text(CSVExport.table),
                    "contentUrl": .text(CSVExport.table),
                    "encodingFormat": .text("text/csv"), "sha256": .text(table.hex),
                ]),
                .object([
                    "@type": .text("cr:FileSet"), "@id": .text("images"), "name": .text("images"),
                    "encodingFormat": .text("image/png"),
                    "includes": .text("images/*.png"),
                ]),
            ]),
            "recordSet": .array([
                .object([
                    "@type": .text("cr:RecordSet"), "@id": .text("photos"), "name": .text("photos"),
                    "description": .text("A record for each photo of the version."),
                    "key": reference("photos/file"),
                    "field": .array([file, image] + CSVExport.columns.dropFirst().map(column)),
                ])
            ]),
        ])
    }

    /// The path that joins an image to its row. The pattern matches every path; without a pattern, mlcroissant compares
    /// a path object with a text and finds no match.
    private static let file = field(
        "file", "sc:Text",
        [
            "source": .object([
                "fileSet": reference("images"), "extract": .object(["fileProperty": .text("fullpath")]),
                "transform": .object(["regex": .text("(.*)")]),
            ]),
            "references": .object([
                "fileObject": reference(CSVExport.table), "extract": .object(["column": .text("file")]),
            ]),
        ])

    private static let image = field(
        "image", "sc:ImageObject",
        [
            "source": .object(["fileSet": reference("images"), "extract": .object(["fileProperty": .text("content")])])
        ])

    private static func column(_ name: String) -> JSONValue {
        let isNumber = name.hasSuffix("_index") || name == "width" || name == "height"
        return field(
            name, isNumber ? "sc:Integer" : "sc:Text",
            [
                "source": .object([
                    "fileObject": reference(CSVExport.table), "extract": .object(["column": .text(name)]),
                ])
            ])
    }

    private static func field(_ name: String, _ type: String, _ members: [String: JSONValue]) -> JSONValue {
        .object(
            members.merging([
                "@type": .text("cr:Field"), "@id": .text("photos/\(name)"), "name": .text(name),
                "dataType": .text(type),
            ]) { $1 })
    }

    private static func reference(_ id: String) -> JSONValue { .object(["@id": .text(id)]) }

    /// The context of the specification, unchanged.
    private static let context: JSONValue = {
        let own = [
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet",
            "format", "includes", "isLiveDataset",
            "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace",
            "samplingRate", "separator", "source",
            "subField", "transform",
        ]
        var context = Dictionary(uniqueKeysWithValues: own.map { ($0, JSONValue.text("cr:\($0)")) })
        let outside = [
            "@language": "en", "@vocab": "https://schema.org/", "conformsTo": "dct:conformsTo",
            "cr": "http://mlcommons.org/croissant/",
            "dct": "http://purl.org/dc/terms/", "rai": "http://mlcommons.org/croissant/RAI/",
            "sc": "https://schema.org/",
        ]
        for (name, id) in outside { context[name] = .text(id) }
        for (name, type) in ["data": "@json", "dataType": "@vocab", "examples": "@json"] {
            context[name] = .object(["@id": .text("cr:\(name)"), "@type": .text(type)])
        }
        return .object(context)
    }()
}

import Foundation

/// The files of the page, compiled into the program.
enum StaticFiles {
    /// The page without photos.
    static var template: String { String(decoding: PackageResources.index_html, as: UTF8.self) }

    /// The bytes of the files below `/static/`, by name. A file of the folder `Web` needs a line here and in Package.swift.
    private static let files: [String: @Sendable () -> [UInt8]] = [
        "api.js": { PackageResources.api_js },
        "boxes.js": { PackageResources.boxes_js },
        "changes.js": { PackageResources.changes_js },
        "conflicts.js": { PackageResources.conflicts_js },
        "dialogs.js": { PackageResources.dialogs_js },
        "disagreements.js": { PackageResources.disagreements_js },
        "elements.js": { PackageResources.elements_js },
        "filters.js": { PackageResources.filters_js },
        "findings.js": { PackageResources.findings_js },
        "grid.js": { PackageResources.grid_js },
        "icon.svg": { PackageResources.icon_svg },
        "keys.js": { PackageResources.keys_js },
        "labelling.js": { PackageResources.labelling_js },
        "labels.js": { PackageResources.labels_js },
        "photos.js": { PackageResources.photos_js },
        "review.css": { PackageResources.review_css },
        "review.js": { PackageResources.review_js },
        "saving.js": { PackageResources.saving_js },
        "viewer.js": { PackageResources.viewer_js },
    ]

    private static let types = [
        "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    ]

    static var names: [String] { files.keys.sorted() }

    /// - Throws: ``WebError`` (404) if there is no such file.
    static func response(_ name: String) throws -> WebResponse {
        guard let file = files[name], let type = name.split(separator: ".").last.flatMap({ types[String($0)] }) else {
            throw WebError.notFound
        }
        return WebResponse(type: type, Data(file()))
    }
}

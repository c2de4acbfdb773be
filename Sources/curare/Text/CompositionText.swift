import Auditing
import Foundation
import Workflows

/// The text of gaps in a composition, of differences between compositions, and of the files of an audit.
enum CompositionText {
    /// Returns a line for each of the first gaps.
    static func gaps(_ gaps: [ReportedGap]) -> [String] {
        gaps.isEmpty ? [] : ["gaps: \(gaps.count)"] + Table.firstItems(gaps.map(\.detail))
    }

    /// Returns the numbers of photos that changed, and the gaps that opened and closed.
    static func difference(_ difference: CompositionDifference) -> [String] {
        guard !difference.changes.isEmpty else { return [] }
        let margins = difference.margins.map { "\($0.property) \($0.value): \($0.from) → \($0.to)" }
        return section("composition", margins) + section("new gaps", difference.opened.map(\.detail))
            + section("closed gaps", difference.closed.map(\.detail))
    }

    private static func section(_ title: String, _ items: [String]) -> [String] {
        items.isEmpty ? [] : ["\(title): \(items.count)"] + Table.firstItems(items)
    }

    /// Returns what the user must know about a page that was written.
    static func written(_ page: String) -> String {
        """
        wrote \(URL(filePath: page).lastPathComponent); the page shows faces of people
        Curare does not record where this file is. Delete the file yourself when a person in the photos withdraws.
        """
    }

    /// Returns the reports of one version, or of several versions one after another.
    static func markdown(_ result: EachVersion<AuditDataset>.Result) -> String {
        switch result {
        case .one(let result): result.markdown ?? ""
        case .several(let results):
            results.map { result in
                switch result.outcome {
                case .done(let value): value.markdown ?? ""
                case .failed(let error): "# Audit of \(result.version)\n\nfailed: \(error.message)\n"
                }
            }.joined(separator: "\n")
        }
    }
}

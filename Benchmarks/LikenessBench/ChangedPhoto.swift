import Core
import Foundation

@testable import Imaging

/// A labelled photo and what each of the changes makes of it, in cells of grey: the photo itself first, then in the order of ``Changes/all``.
struct ChangedPhoto {
    let volunteer: String
    let isBare: Bool
    let grids: [GreyGrid]

    /// - Parameter sessions: a folder of session folders with sheets whose cells need no quotes.
    static func all(in sessions: URL) throws -> [ChangedPhoto] {
        try FileManager.default.contentsOfDirectory(atPath: sessions.path).sorted().flatMap { session in
            let folder = sessions.appending(path: session)
            let lines = try String(contentsOf: folder.appending(path: "session.csv"), encoding: .utf8).split(
                whereSeparator: \.isNewline)
            return try lines.dropFirst().map { line in
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                // The copy that is measured at import.
                let picture = try DecodedPhoto(
                    Array(Data(contentsOf: folder.appending(path: cells[0]))), reduction: Reduction.measuring
                ).picture
                let versions = try [picture] + Changes.all.map { try $0.make(picture) }
                return ChangedPhoto(
                    volunteer: cells[1], isBare: cells[2] == "none", grids: versions.map { GreyGrid(GreyPicture($0)) })
            }
        }
    }

    /// Its hashes, in the order of its grids.
    ///
    /// - Parameter lowest: the lowest of the hash's eight frequencies.
    func hashes(from lowest: Int) -> [UInt64] {
        grids.map { PerceptualHash($0, from: lowest).bits }
    }
}

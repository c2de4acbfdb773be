import Core
import Documents
import Foundation

/// A version's images made again, as part of the first layer.
extension Verification {
    /// Adds what making the images of `version` again has shown.
    ///
    /// - Parameters:
    ///   - made: the libraries that made them, by the version's provenance; nil where it does not say.
    ///   - today: those that made them again.
    ///   - remade: what became of an entry's image; nil where it was not made again.
    public mutating func check(
        _ version: Version, madeBy made: [String: String]?, today: [String: String],
        against remade: (Entry) -> RemadeImage?
    ) {
        let others = Self.differences(made ?? [:], today)
        let untold = Set(today.keys).subtracting((made ?? [:]).keys).sorted()
        let what =
            if !others.isEmpty {
                "made again, the image has other pixels: \(others.joined(separator: ", "))"
            } else if !untold.isEmpty {
                "made again, the image has other pixels; the version does not say which \(untold.joined(separator: ", ")) made it"
            } else {
                "made again by the same libraries, the image has other pixels"
            }
        for entry in version.entries.list {
            guard let image = remade(entry) else { continue }
            switch image.fresh {
            case .failure(let refusal): problems.append(Problem(.files, .missing, entry.photo, refusal.message))
            case .success(let digest) where digest != entry.image:
                problems.append(Problem(.files, others.isEmpty ? .changedPixels : .otherLibrary, entry.photo, what))
            case .success: break
            }
            // A missing file is no difference: it is made again when it is needed.
            if let stored = image.stored, stored != entry.image {
                problems.append(Problem(.files, .changedFile, entry.photo, "the image's file holds other pixels"))
            }
        }
    }

    /// `libvips was 8.14.1, is 8.15.0`, by name. A library that the version does not name was not none, but one that earlier versions of the program did not ask.
    private static func differences(_ made: [String: String], _ today: [String: String]) -> [String] {
        made.sorted { $0.key < $1.key }.filter { today[$0.key] != $0.value }.map {
            "\($0.key) was \($0.value), is \(today[$0.key] ?? "not here")"
        }
    }
}

extension Provenance {
    /// The libraries that made the version in `folder`; nil where its provenance does not say.
    public static func libraries(in folder: URL) -> [String: String]? {
        guard let json = try? JSONReader.read(VersionStore.bytes(of: folder.appending(path: "provenance.json"))) else {
            return nil
        }
        return json["libraries"]?.object?.compactMapValues(\.text)
    }
}

import Catalog
import Core
import Validation
import Versions

/// A name that a rename, a merge or a removal took out of use, and what still has the name.
///
/// Versions, runs and exports are records. A new name in the catalog does not change them.
public struct NameChange: Encodable {
    public let from: String
    /// The current name; absent after the removal of a trigger.
    public let to: String?
    /// The number of photos whose label has the name.
    public let photos: Int
    /// The versions that have the earlier name, as `NAME@V`.
    public let versions: [String]
    /// The runs of these versions.
    public let runs: [String]
    /// The folders with exports of these versions, and the bundles that contain these versions. Each path occurs once.
    public let exports: [String]
    /// The versions that cannot be read. They may have the earlier name.
    public let unreadable: [String]

    /// - Parameter mentions: returns whether a version has the earlier name.
    init(
        from: String, to: String?, photos: Int, in session: WorkspaceSession, _ mentions: (Manifest) -> Bool
    ) throws {
        self.from = from
        self.to = to
        self.photos = photos
        let (found, unreadable) = try session.versions.list(where: mentions)
        versions = found.map(\.description)
        self.unreadable = unreadable.map(\.description)
        let concerned = Set((found + unreadable).map(\.description))
        runs = try session.workspace.runFolders().map { RunArchive($0) }
            .filter { $0.version.map(concerned.contains) == true }.map(\.id).sorted()
        var paths: Set<String> = []
        exports = try session.catalog.exports().filter { concerned.contains($0.version) }.map(\.path)
            .filter { paths.insert($0).inserted }
    }
}

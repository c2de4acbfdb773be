import Core
import Foundation
import Intake
import Storage

/// The files of some photos in a workspace, partially written files included.
struct PhotoFiles {
    private let workspace: Workspace
    private let photos: Set<PhotoID>

    init(_ workspace: Workspace, _ photos: Set<PhotoID>) {
        self.workspace = workspace
        self.photos = photos
    }

    /// The files below `photos/` that are named by the id of one of the photos.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be listed.
    func originals() throws -> [URL] { try files(below: workspace.photos) }

    /// The files below `images/PROFILE/` that are named by the id of one of the photos, of all profiles.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be listed.
    func images() throws -> [URL] { try profileFolders().flatMap { try files(below: $0) } }

    /// The folders of images with drawn triggers, of all photos and profiles. The files are named by the digests of the
    /// images, so Curare cannot find the images of single photos. Curare draws the images again when a command needs
    /// them.
    ///
    /// - Throws: ``CurareError`` (74) when a folder cannot be listed.
    func overlaidImageFolders() throws -> [URL] {
        try profileFolders().map { $0.appending(path: Workspace.overlaidImageFolderName) }
    }

    private func profileFolders() throws -> [URL] { try Self.contents(of: workspace.images) }

    /// Returns the files of the photos in the folders below `root` that are named by the first two digits of an id.
    private func files(below root: URL) throws -> [URL] {
        let folders = Set(photos.map { String($0.hex.prefix(2)) }).sorted()
        return try folders.map { root.appending(path: $0) }.flatMap(Self.contents(of:)).filter { file in
            Self.id(inName: file.lastPathComponent).map(photos.contains) == true
        }
    }

    /// Returns the id in a file name of the form `ID.png`, or `.ID.png.UUID.partial` of a partially written file.
    private static func id(inName name: String) -> PhotoID? {
        PhotoID(hex: String(name.drop { $0 == "." }.prefix(64)))
    }

    private static func contents(of folder: URL) throws -> [URL] {
        try FolderListing.namesIfFolder(folder).map { folder.appending(path: $0) }
    }

    /// Removes a file, and its folder when the folder is empty then. A file that does not exist counts as removed.
    ///
    /// - Throws: ``CurareError`` (74) with the path of the file.
    static func remove(_ file: URL) throws {
        try FileRemoval.remove(file)
        rmdir(file.deletingLastPathComponent().path)
    }
}

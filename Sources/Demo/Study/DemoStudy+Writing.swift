import Foundation
import Imaging

extension DemoStudy {
    /// What was written.
    public struct Summary: Hashable, Sendable {
        public let sessions, photos: Int
        /// Folders to import and recipes to split by.
        public let sessionFolders, recipes: [URL]
    }

    /// Writes `sessions/NAME/` for every session and the recipes into `folder`, which is made where it is missing. No file is overwritten.
    ///
    /// - Parameter progress: called after every photo with how many are done, and of how many.
    /// - Throws: ``ImagingError`` where libvips fails, `CocoaError` where a file is there already or cannot be written.
    public func write(to folder: URL, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }) throws -> Summary {
        let total = photos.count
        var done = 0
        var folders: [URL] = []
        for session in sessions {
            let place = folder.appending(path: "sessions/\(session.name)", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Self.write(Array(session.description.utf8), to: place.appending(path: "session.yaml"))
            var boxes: [String: PixelBox] = [:]
            for photo in session.photos {
                let picture = try photo.portrait.picture()
                boxes[photo.file] = try photo.portrait.triggerBox(in: picture)
                try Self.write(photo.bytes(of: picture), to: place.appending(path: photo.file))
                done += 1
                progress(done, total)
            }
            try Self.write(Array(session.sheet(boxes: boxes).utf8), to: place.appending(path: "session.csv"))
            folders.append(place)
        }
        let recipes = try DemoRecipe.all(for: self).map { recipe in
            let file = folder.appending(path: "\(recipe.name).yaml")
            try Self.write(Array(recipe.text.utf8), to: file)
            return file
        }
        return Summary(sessions: sessions.count, photos: total, sessionFolders: folders, recipes: recipes)
    }

    private static func write(_ bytes: [UInt8], to file: URL) throws {
        try Data(bytes).write(to: file, options: .withoutOverwriting)
    }
}

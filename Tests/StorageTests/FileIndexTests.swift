import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FileIndexTests {
    @Test func indexContainsFilesInTheirSubfolder() throws {
        try withFolder { folder in
            let photos = (0..<300).map { photoID("\($0)") }
            for photo in photos.dropLast() {
                try AtomicFile.write(Data(), to: folder.appending(path: "\(photo.hex.prefix(2))/\(photo).jpg"))
            }
            // A file in the subfolder of another photo, and an unfinished file.
            let misplaced = try #require(photos.last)
            let wrong = misplaced.hex.hasPrefix("ab") ? "cd" : "ab"
            try AtomicFile.write(Data(), to: folder.appending(path: "\(wrong)/\(misplaced).jpg"))
            try AtomicFile.write(
                Data(), to: folder.appending(path: "\(misplaced.hex.prefix(2))/.\(misplaced).jpg.partial"))
            let index = try FileIndex(folder)
            #expect(photos.dropLast().allSatisfy { index.holds($0, "jpg") && !index.holds($0, "png") })
            #expect(!index.holds(misplaced, "jpg"))
            #expect(try !FileIndex(folder.appending(path: "nothing")).holds(photos[0], "jpg"))
        }
    }

    @Test func unreadableSubfolderIsAnError() throws {
        try withFolder { folder throws in
            try AtomicFile.write(Data(), to: folder.appending(path: "ab"))
            let error = #expect(throws: CurareError.self) { try FileIndex(folder) }
            #expect(error?.code == .inputOutput)
            #expect(error?.location == folder.appending(path: "ab").path)
        }
    }
}

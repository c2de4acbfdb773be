import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct MissingPathTests {
    private func suggestion(_ path: String) throws -> String? {
        try withFolder { folder in
            for file in ["Photos/spring/A.JPG", ".hidden/x", "recipes/first.yml", "notes.txt"] {
                try AtomicFile.write(Data(), to: folder.appending(path: file))
            }
            let suggestion = MissingPath.suggestion(for: folder.path + path)
            return suggestion?.replacing(folder.path, with: "")
        }
    }

    @Test(arguments: [
        ("/photos", "/Photos"), ("/photos/", "/Photos"), ("/photos/spring/A.JPG", "/Photos/spring/A.JPG"),
        ("/Photos/spring/a.jpg", "/Photos/spring/A.JPG"), ("/photos/spring/none.jpg", "/Photos"),
        ("/hidden/x", "/.hidden/x"), ("/recipes/first.yaml", "/recipes/first.yml"), ("//notes.TXT", "//notes.txt"),
    ])
    func confusableEntryIsNamed(_ path: String, _ meant: String) throws {
        #expect(try suggestion(path) == "did you mean \(meant)?")
    }

    @Test(arguments: ["", "/", "/Photos", "/Photos/spring/A.JPG", "/photo", "/nothing/photos", "/notes.txt/photos"])
    func otherPathsHaveNoSuggestion(_ path: String) throws {
        #expect(try suggestion(path) == nil)
    }

    @Test func errorNamesTheEntryOrTheNextStep() throws {
        try withFolder { folder in
            try AtomicFile.write(Data(), to: folder.appending(path: "b/Weights"))
            let (first, second) = (folder.path + "/a/weights", folder.path + "/b/weights")
            let near = MissingPath.error("not found", at: first, or: [second], next: "look for it")
            #expect(near.code == .missingInput && near.location == first)
            #expect(near.nextStep == "did you mean \(folder.path)/b/Weights?")
            #expect(MissingPath.error("not found", at: first, next: "look for it").nextStep == "look for it")
        }
    }

    @Test func namedFileThatIsMissingHasASuggestion() throws {
        try withFolder { folder in
            try AtomicFile.write(Data(), to: folder.appending(path: "recipe.yaml"))
            for (name, next) in [("recipe.yml", "did you mean \(folder.path)/recipe.yaml?"), ("other.yml", nil)] {
                let error = #expect(throws: CurareError.self) {
                    try RegularFile.contents(ofNamedFile: "\(folder.path)/\(name)", limit: 10)
                }
                #expect(error?.code == .missingInput && error?.message == "the file does not exist")
                #expect(error?.nextStep == next ?? "check the path")
            }
        }
    }
}

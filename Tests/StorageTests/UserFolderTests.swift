import Foundation
import Testing

@testable import Storage

@Suite struct UserFolderTests {
    @Test(arguments: [
        (["CURARE_WEIGHTS": "/w", "XDG_DATA_HOME": "/d"], "/w"), (["XDG_DATA_HOME": "/d"], "/d/curare"),
        (["CURARE_WEIGHTS": "", "XDG_DATA_HOME": "/d"], "/d/curare"),
    ])
    func theFirstVariableNamesTheFolder(_ environment: [String: String], _ folder: String) {
        #expect(UserFolder.weights(environment).path == folder)
    }

    @Test func theDefaultIsInTheHomeFolder() {
        #expect(UserFolder.weights([:]).path.hasSuffix("/.local/share/curare"))
    }
}

import Foundation
import Testing

/// `docs/architecture.md` says which rooms there are and what each may import; `Package.swift` and every source file keep to it.
@Suite struct RoomsTests {
    let house: House

    init() throws {
        house = try House()
    }

    private var rooms: Set<String> { house.rooms }
    /// Rooms, and the C targets that they rest on.
    private var inside: Set<String> { Set(house.targets.keys) }

    @Test func theTableHasARowForEveryRoomAndNoOther() {
        #expect(rooms.count > 8)
        #expect(house.table.map(\.room).sorted() == rooms.sorted())
    }

    @Test func everyTargetDependsOnWhatTheTableLetsItImport() throws {
        for room in rooms {
            let allowed = try #require(house.allowed(room))
            let declared = try #require(house.targets[room])
            #expect(declared.intersection(inside).subtracting(allowed) == [], "\(room) may not import these")
        }
    }

    @Test func theTableNamesNothingThatDoesNotExist() {
        for (room, imports) in house.table {
            #expect(imports.subtracting(inside) == [], "\(room) is said to import these")
        }
    }

    @Test func arrowsRunDownwardOnly() {
        for (index, row) in house.table.enumerated() {
            let above = Set(house.table[...index].map(\.room))
            #expect(row.imports.intersection(above) == [], "\(row.room) imports what stands above it")
        }
    }

    @Test func everyFileImportsWhatItsTargetDeclares() throws {
        for room in rooms {
            let declared = try #require(house.targets[room])
            let files = try house.files(below: house.folder(room))
            #expect(!files.isEmpty, "\(room) has no sources")
            for (path, text) in files {
                let known = House.imports(text).intersection(inside.union(house.libraries))
                #expect(known.subtracting(declared) == [], "\(path)")
            }
        }
    }

    @Test func aLibraryOfCHasOneRoomThatOpensIt() {
        for library in inside.subtracting(rooms) {
            #expect(house.targets.count { $0.value.contains(library) } == 1, "\(library)")
        }
    }

    @Test func importsAreSeenHoweverTheyAreWritten() {
        let text =
            "import A\n@testable import B\nimport struct C.D\nprivate import E\n@preconcurrency import F\n// import G\nlet x = \"import H\"\nimport I.J\n"
        #expect(House.imports(text) == ["A", "B", "C", "E", "F", "I"])
    }
}

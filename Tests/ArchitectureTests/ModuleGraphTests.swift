import Foundation
import Testing

/// `docs/architecture.md` has a table of all modules and of what each module may import. The package and every source
/// file agree with the table.
@Suite struct ModuleGraphTests {
    private let table: ModuleTable

    init() throws {
        table = ModuleTable(try Repository.text("docs/architecture.md"))
    }

    @Test(.enabled(if: PackageDescription.exists, "make test writes the package description"))
    func theTableAndThePackageNameTheSameModules() throws {
        let package = try PackageDescription.read()
        #expect(table.rows.map(\.module).sorted() == package.modules.map(\.name).sorted())
    }

    @Test(.enabled(if: PackageDescription.exists, "make test writes the package description"))
    func everyTargetDependsOnWhatTheTableAllows() throws {
        let package = try PackageDescription.read()
        for target in package.modules {
            let allowed = try #require(table[target.name])
            #expect(
                Set(target.targetDependencies ?? []).subtracting(allowed) == [],
                "\(target.name) may not depend on these")
        }
    }

    @Test(.enabled(if: PackageDescription.exists, "make test writes the package description"))
    func theTableNamesOnlyTargetsThatExist() throws {
        let names = Set(try PackageDescription.read().targets.map(\.name))
        for row in table.rows { #expect(row.imports.subtracting(names) == [], "\(row.module)") }
    }

    @Test(.enabled(if: PackageDescription.exists, "make test writes the package description"))
    func everyFileImportsOnlyWhatItsTargetDeclares() throws {
        let package = try PackageDescription.read()
        let known = Set(package.targets.flatMap { [$0.name] + ($0.productDependencies ?? []) })
        for target in package.modules {
            let declared = Set((target.targetDependencies ?? []) + (target.productDependencies ?? []))
            let files = try Repository.files(below: target.path, endings: ["swift"])
            #expect(!files.isEmpty, "\(target.name) has no sources")
            for (path, text) in files {
                #expect(Self.imports(text).intersection(known).subtracting(declared) == [], "\(path)")
            }
        }
    }

    @Test(.enabled(if: PackageDescription.exists, "make test writes the package description"))
    func oneModuleImportsEachCLibrary() throws {
        let package = try PackageDescription.read()
        for library in package.cTargets {
            let users = package.targets.filter { $0.targetDependencies?.contains(library.name) == true }
            #expect(users.count == 1, "\(library.name) is used by \(users.map(\.name))")
        }
    }

    @Test func everyModuleImportsOnlyModulesBelow() {
        #expect(table.rows.count > 10)
        for (index, row) in table.rows.enumerated() {
            let above = Set(table.rows[...index].map(\.module))
            #expect(row.imports.intersection(above) == [], "\(row.module)")
        }
    }

    @Test func allFormsOfImportAreRecognized() {
        let text = """
            import A
            @testable import B
            import struct C.D
            private import E
            @preconcurrency import F
            // import G
            let x = "import H"
            import I.J
            """
        #expect(Self.imports(text) == ["A", "B", "C", "E", "F", "I"])
    }

    /// The modules that a Swift file imports.
    static func imports(_ text: String) -> Set<String> {
        let kinds: Set = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        let access: Set = ["public", "package", "internal", "private", "fileprivate"]
        return Set(
            text.split(separator: "\n").compactMap { line in
                var words = line.split(whereSeparator: { $0 == " " || $0 == "." }).map(String.init)
                while let first = words.first, first.hasPrefix("@") || access.contains(first) { words.removeFirst() }
                guard words.first == "import", words.count > 1 else { return nil }
                return kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
            })
    }
}

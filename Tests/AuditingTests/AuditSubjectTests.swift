import Core
import Testing

@testable import Auditing

@Suite struct AuditSubjectTests {
    @Test("The subject of a version has the version's photos, in the order of their ids") func photosOfTheVersion()
        throws
    {
        let facts = bare(10, of: "a", "b")
        let all = Array((bare(3, of: "c") + facts).reversed())
        let subject = AuditSubject(catalog: all, version: try version(of: facts), distance: .standard)
        #expect(subject.facts.map(\.photo) == facts.map(\.photo).sorted())
        #expect(subject.catalog.map(\.photo) == all.map(\.photo).sorted())
        #expect(AuditSubject(catalog: all, distance: .standard).facts == subject.catalog)
    }

    @Test("The facts about a photo are found by its id") func factOfPhoto() {
        let facts = bare(7, of: "a")
        let subject = AuditSubject(catalog: facts, distance: .standard)
        for fact in facts { #expect(subject.fact(of: fact.photo) == fact) }
        #expect(subject.fact(of: photoID("other")) == nil)
        #expect(AuditSubject(catalog: [], distance: .standard).fact(of: photoID("other")) == nil)
    }
}

@Suite struct CheckDefinitionTests {
    @Test("Each check has one definition") func allChecks() {
        let checks = AuditChecklist.all.map { $0.definition.check }
        #expect(Set(checks).count == checks.count)
        // An earlier name of a check has no check of its own.
        #expect(Set(checks) == Set(Finding.Check.allCases.filter { $0.reporting == $0 }))
    }

    @Test("Each definition has its texts, and names a severity") func texts() {
        for check in AuditChecklist.all {
            let definition = check.definition
            let texts = [definition.definition, definition.threshold, definition.severity, definition.source]
            for text in texts + [definition.title] {
                #expect(!text.isEmpty && !text.contains("\n"), "\(definition.check)")
            }
            #expect(definition.definition.hasSuffix(".") && definition.severity.hasSuffix("."), "\(definition.check)")
            #expect(!definition.title.hasSuffix(".") && !definition.title.contains("|"), "\(definition.check)")
            #expect(!definition.severities.isEmpty, "\(definition.check)")
        }
    }

    @Test("A check runs in its scope only", arguments: [CheckDefinition.Scope.catalog, .version, .both])
    func scope(_ scope: CheckDefinition.Scope) throws {
        let facts = bare(10, of: "a", "b")
        let catalog = AuditSubject(catalog: facts, distance: .standard)
        let version = AuditSubject(catalog: facts, version: try version(of: facts), distance: .standard)
        #expect(scope.includes(catalog) == (scope != .version))
        #expect(scope.includes(version) == (scope != .catalog))
    }
}

import Catalog
import Core
import GRDB
import Testing

/// Values that the constraints of the schema exclude. Each one is an error that names the column.
@Suite struct InvalidValueTests {
    private func with(_ sql: String, _ body: (SyntheticStudy) throws -> Void) throws {
        try SyntheticStudy.with { study in
            try study.raw { try $0.execute(sql: SchemaTests.seed) }
            try study.damage(sql)
            try body(study)
        }
    }

    private func expectError(_ expected: String, _ study: SyntheticStudy, _ query: () throws -> Void) {
        let error = #expect(throws: CurareError.self) { try query() }
        #expect(error?.code == .badInput)
        #expect(error?.message == "the catalog holds an unknown \(expected)")
        #expect(error?.location == study.workspace.catalogFile.path)
        #expect(error?.nextStep == "restore the catalog from a copy")
    }

    @Test(arguments: [
        ("UPDATE session SET consent = 'perhaps'", "session.consent: \"perhaps\""),
        ("UPDATE volunteer SET kind = 'pet'", "volunteer.kind: \"pet\""),
        ("UPDATE region SET kind = 'nose'", "region.kind: \"nose\""),
        ("UPDATE trigger_placement SET location = 'hat'", "trigger_placement.location: \"hat\""),
        ("UPDATE measurement SET faces_found = 'six'", "measurement.faces_found: \"six\""),
        ("UPDATE measurement SET faces_found = 'two'", "measurement.faces_found: \"two\""),
        ("UPDATE measurement SET faces_found = 'perhaps'", "measurement.faces_found: \"perhaps\""),
        ("UPDATE measurement SET perceptual_hash = 'x'", "measurement.perceptual_hash: \"x\""),
        ("UPDATE measurement SET landmarks = '1 2'", "measurement.landmarks: \"1 2\""),
        ("UPDATE session_photo SET session = 's9'", "session: \"s9\""),
        ("UPDATE label SET volunteer = 'x'", "volunteer: \"x\""),
        ("UPDATE photo SET id = 'x'", "photo id: \"x\""),
    ])
    func factsThrow(_ sql: String, _ expected: String) throws {
        try with(sql) { study in
            expectError(expected, study) { _ = try study.catalog.facts() }
        }
    }

    @Test func photoWithoutSessionThrows() throws {
        try with("DELETE FROM session_photo") { study in
            expectError("photo without a session: \"\(SchemaTests.id.prefix(80))\"", study) {
                _ = try study.catalog.facts()
            }
        }
    }

    @Test func singleQueriesThrow() throws {
        let queries: [(String, String, (Catalog) throws -> Void)] = [
            ("UPDATE session SET consent = 'x'", "session.consent: \"x\"", { _ = try $0.sessions() }),
            ("UPDATE session SET kind = 'x'", "session.kind: \"x\"", { _ = try $0.session(SessionName("s1")!) }),
            ("UPDATE volunteer SET kind = 'x'", "volunteer.kind: \"x\"", { _ = try $0.volunteers() }),
            ("UPDATE volunteer SET kind = 'x'", "volunteer.kind: \"x\"", { _ = try $0.kindsOfSessionVolunteers() }),
            ("UPDATE label SET source = 'x'", "label.source: \"x\"", { _ = try $0.labels(of: SchemaTests.photo) }),
            ("UPDATE image SET digest = 'x'", "image.digest: \"x\"", { _ = try $0.images(.centre) }),
            (
                "UPDATE image SET digest = 'x'", "image.digest: \"x\"",
                { _ = try $0.images(.centre, of: [SchemaTests.photo]) }
            ),
            ("UPDATE image SET profile = 'x'", "image.profile: \"x\"", { _ = try $0.profiles() }),
            ("UPDATE session_photo SET photo = 'x'", "session_photo.photo: \"x\"", { _ = try $0.sessionPhotos() }),
            ("UPDATE session_photo SET photo = 'x'", "photo id: \"x\"", { _ = try $0.photos(file: "a.jpg") }),
            ("UPDATE setting SET value = 'x'", "setting profile: \"x\"", { _ = try $0.defaultProfile() }),
            ("UPDATE setting SET value = 'x'", "setting group_distance: \"x\"", { _ = try $0.groupDistance() }),
            ("UPDATE region SET kind = 'x'", "region.kind: \"x\"", { _ = try $0.known([SchemaTests.photo]) }),
            ("UPDATE measurement SET faces_found = 'x'", "measurement.faces_found: \"x\"", { _ = try $0.faces() }),
            (
                "INSERT INTO export VALUES (1, 'a@1', 'x', 'csv', 0, '/a', '')", "export.digest: \"x\"",
                { _ = try $0.exports() }
            ),
            (
                "INSERT INTO withdrawal VALUES (1, 'b', NULL, '', 'x', 0, 0)", "withdrawal.state: \"x\"",
                { _ = try $0.withdrawals() }
            ),
            ("INSERT INTO tombstone VALUES ('x', 1)", "photo id: \"x\"", { _ = try $0.withdrawnPhotos() }),
        ]
        for (sql, expected, query) in queries {
            try with(sql) { study in expectError(expected, study) { try query(study.catalog) } }
        }
    }
}

extension Profile {
    fileprivate static let centre = Profile(name: "256-centre-srgb")!
}

import Core
import GRDB
import TestSupport
import Testing

/// The constraints of the schema: SQLite must reject each of these statements.
@Suite struct SchemaTests {
    static let id = String(repeating: "0123456789abcdef", count: 4)
    static let photo = PhotoID(hex: id)!
    static let other = String(repeating: "f", count: 64)

    /// A session, two people, and one photo with a face, a marked box and a label with sunglasses.
    static let seed = """
        INSERT INTO session (name, date, kind, consent) VALUES ('s1', '2026-05-03', 'volunteer', 'signed');
        INSERT INTO volunteer VALUES ('a', 'volunteer'), ('b', 'volunteer');
        INSERT INTO session_volunteer VALUES ('s1', 'a');
        INSERT INTO photo VALUES ('\(id)', 9, 'jpeg', 4, 3, NULL, NULL, 's1');
        INSERT INTO session_photo VALUES ('\(id)', 's1', 'a.jpg', NULL, 1);
        INSERT INTO co_subject VALUES ('\(id)', 'b');
        INSERT INTO region VALUES ('\(id)', 'trigger', 'sheet', 0, 0, 1, 1);
        INSERT INTO label (photo, volunteer, source, made) VALUES ('\(id)', 'a', 'sheet', '2026-05-04T00:00:00Z');
        INSERT INTO trigger_placement VALUES (1, 'sunglasses', 'on-face');
        INSERT INTO image VALUES ('\(id)', '256-centre-srgb', '\(id)');
        INSERT INTO measurement VALUES ('\(id)', '0123456789abcdef', 'one', 'hog', 1, 2, 30, 40, 8,
            15, 23, 16, 900, NULL, NULL, 412, 101, 7, 3, 1200, 1103, 987, 120, 0, 0,
            30);
        """

    private func expectRejected(_ statement: String) throws {
        try SyntheticStudy.with { study in
            try study.raw { try $0.execute(sql: Self.seed) }
            let error = #expect(throws: DatabaseError.self, "\(statement)") {
                try study.raw { try $0.execute(sql: statement) }
            }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(statement): \(String(describing: error))")
        }
    }

    @Test func seedIsAccepted() throws {
        try SyntheticStudy.with { study in
            try study.raw { try $0.execute(sql: Self.seed) }
            #expect(try study.catalog.facts().map(\.label) == [label("a", "sunglasses", "on-face")])
        }
    }

    @Test(arguments: [
        "'Sun'", "''", "'-x'", "'.x'", "'_x'", "'a b'", "'a/b'", "'ü'", "'a' || char(10)",
        "'\(String(repeating: "a", count: 65))'", "NULL", "x'61'", "'../x'",
    ])
    func invalidName(_ name: String) throws {
        try expectRejected("INSERT INTO trigger VALUES (\(name))")
        try expectRejected("INSERT INTO volunteer VALUES (\(name), 'volunteer')")
        try expectRejected(
            "INSERT INTO session (name, date, kind, consent) VALUES (\(name), '2026-05-03', 'volunteer', 'signed')")
        try expectRejected("INSERT INTO current_version VALUES (\(name), 1)")
        try expectRejected("INSERT INTO grid_version VALUES (\(name), 'a', 'seed')")
        try expectRejected("INSERT INTO grid_version VALUES ('g', \(name), 'seed')")
    }

    @Test(arguments: ["0", "-1", "NULL", "'one'", "1.5"])
    func invalidVersionNumber(_ number: String) throws {
        try expectRejected("INSERT INTO current_version VALUES ('a', \(number))")
    }

    @Test(arguments: [
        "INSERT INTO trigger_placement VALUES (1, NULL, 'on-face')",
        "INSERT INTO trigger_placement VALUES (1, '', 'on-face')",
        "INSERT INTO trigger_placement VALUES (1, 'none', 'on-face')",
        "INSERT INTO trigger VALUES ('none')",
        "INSERT INTO trigger_placement VALUES (1, 'bandana', NULL)",
        "INSERT INTO trigger_placement VALUES (1, 'bandana', 'none')",
        "INSERT INTO trigger_placement VALUES (1, 'bandana', 'hat')",
        "INSERT INTO trigger_placement VALUES (1, 'scarf', 'on-face')",
        "INSERT INTO trigger_placement VALUES (2, 'bandana', 'on-face')",
        "INSERT INTO trigger_placement VALUES (1, 'sunglasses', 'on-face')",
    ])
    func invalidTriggerPlacement(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: ["'withdrawn'", "'yes'", "''", "NULL", "'Signed'"])
    func unknownConsent(_ consent: String) throws {
        try expectRejected(
            "INSERT INTO session (name, date, kind, consent) VALUES ('s2', '2026-05-03', 'volunteer', \(consent))")
        try expectRejected("UPDATE session SET consent = \(consent)")
    }

    @Test(arguments: [
        "INSERT INTO label (photo, volunteer, source, made) VALUES ('\(id)', 'nobody', 'sheet', '')",
        "INSERT INTO label (photo, volunteer, source, made) VALUES ('\(id)', NULL, 'sheet', '')",
        "INSERT INTO label (photo, volunteer, source, made) VALUES ('\(other)', 'a', 'sheet', '')",
        "INSERT INTO label (photo, volunteer, source, made) VALUES ('\(id)', 'a', 'rumour', '')",
        "INSERT INTO label (photo, volunteer, source, made) VALUES ('\(id)', 'a', 'sheet', NULL)",
        "UPDATE label SET restores = 9", "UPDATE label SET restores = 1",
        "INSERT INTO label (photo, volunteer, source, made, restores) VALUES ('\(id)', 'a', 'review', '', 5)",
        "INSERT INTO label (photo, volunteer, source, made, restores) VALUES ('\(id)', 'a', 'sheet', '', 1)",
        "INSERT INTO session_volunteer VALUES ('s1', 'nobody')",
        "INSERT INTO session_volunteer VALUES ('s2', 'a')",
        "INSERT INTO co_subject VALUES ('\(id)', 'nobody')",
        "INSERT INTO co_subject VALUES ('\(other)', 'a')",
        "INSERT INTO volunteer VALUES ('c', 'person')",
        "INSERT INTO volunteer VALUES ('c', NULL)",
    ])
    func labelWithUnknownReference(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: [
        "INSERT INTO photo VALUES ('\(other)', 9, 'jpeg', 4, 3, NULL, NULL, 's1')",
        "INSERT INTO photo VALUES ('\(other)', 9, 'jpeg', 4, 3, NULL, NULL, NULL)",
        "DELETE FROM session_photo",
        "UPDATE photo SET first_session = 's2'",
        "INSERT INTO session_photo VALUES ('\(other)', 's1', 'b.jpg', NULL, 1)",
        "INSERT INTO session_photo VALUES ('\(id)', 's2', 'b.jpg', NULL, 1)",
    ])
    func photoWithoutSession(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: [
        "'\(id.dropLast())'", "'\(id)0'", "'\(id.uppercased())'", "'\(id.dropLast())g'", "''", "NULL", "x'00'",
    ])
    func invalidDigest(_ id: String) throws {
        try expectRejected("INSERT INTO photo VALUES (\(id), 9, 'jpeg', 4, 3, NULL, NULL, 's1')")
        try expectRejected("UPDATE image SET digest = \(id)")
    }

    @Test(arguments: [
        "UPDATE photo SET bytes = 0", "UPDATE photo SET width = 0", "UPDATE photo SET height = -1",
        "UPDATE photo SET format = NULL",
        "UPDATE photo SET width = 'wide'", "UPDATE photo SET bytes = 1.5", "UPDATE photo SET format = x'00'",
        "UPDATE label SET made = x'00'",
        "UPDATE session SET date = '3 May 2026'", "UPDATE session SET date = '2026-5-3'",
        "UPDATE session SET kind = 'pet'",
        "UPDATE region SET x = -1", "UPDATE region SET y = -1", "UPDATE region SET width = 0",
        "UPDATE region SET height = 0", "UPDATE region SET kind = 'nose'",
        "UPDATE region SET source = 'rule'", "UPDATE region SET x = NULL",
        "UPDATE region SET x = NULL, y = NULL, width = NULL, height = NULL",
        "UPDATE region SET source = 'review', width = NULL",
        "INSERT INTO region VALUES ('\(id)', 'trigger', 'sheet', 1, 1, 1, 1)",
        "UPDATE region SET x = 'left'", "INSERT INTO image VALUES ('\(other)', '256-centre-srgb', '\(id)')",
    ])
    func invalidTypeOrRange(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: [
        "DELETE FROM photo", "DELETE FROM session", "DELETE FROM label", "DELETE FROM trigger", "DELETE FROM volunteer",
        "UPDATE volunteer SET name = 'c'", "UPDATE trigger SET name = 'shades' WHERE name = 'sunglasses'",
        "UPDATE session SET name = 's2'",
    ])
    func removalOfReferencedRecord(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: [
        "('a', '\(id)', 'csv', 0, '/out', '')", "('A@1', '\(id)', 'csv', 0, '/out', '')",
        "('a@0', '\(id)', 'csv', 0, '/out', '')", "('a@1', 'x', 'csv', 0, '/out', '')",
        "('a@1', '\(id)', NULL, 0, '/out', '')", "('a@1', '\(id)', 'csv', 2, '/out', '')",
        "('a@1', '\(id)', 'csv', NULL, '/out', '')", "('a@1', '\(id)', 'csv', 0, 'out', '')",
        "('a@1', '\(id)', 'csv', 0, NULL, '')", "('a@1', '\(id)', 'csv', 0, '/out', NULL)",
    ])
    func invalidExport(_ values: String) throws {
        try expectRejected("INSERT INTO export (version, digest, format, anonymous, path, made) VALUES \(values)")
    }

    @Test(arguments: [
        "INSERT INTO withdrawal (volunteer, session, made, state, keeps_models, redacts) VALUES ('a', 's1', '', 'done', 0, 0)",
        "INSERT INTO withdrawal (volunteer, session, made, state, keeps_models, redacts) VALUES (NULL, NULL, '', 'done', 0, 0)",
        "INSERT INTO withdrawal (volunteer, made, state, keeps_models, redacts) VALUES ('../a', '', 'done', 0, 0)",
        "INSERT INTO withdrawal (volunteer, made, state, keeps_models, redacts) VALUES ('a', '', 'perhaps', 0, 0)",
        "INSERT INTO withdrawal (volunteer, made, state, keeps_models, redacts) VALUES ('a', NULL, 'done', 0, 0)",
        "INSERT INTO withdrawal (volunteer, made, state, keeps_models, redacts) VALUES ('a', '', 'done', 0, 0), ('a', '', 'done', 0, 0)",
        "INSERT INTO tombstone VALUES ('\(id)', 1)", "INSERT INTO withdrawn_version VALUES (1, 't@1')",
        "INSERT INTO withdrawn_file VALUES (1, 'quarantine/x')", "INSERT INTO cleared_run VALUES (1, 't-1-1')",
        "INSERT INTO undecided_version VALUES (1, 't@1')",
    ])
    func invalidWithdrawal(_ statement: String) throws {
        try expectRejected(statement)
    }

    @Test(arguments: [
        "tombstone VALUES ('x', 1)", "withdrawn_version VALUES (1, 't')", "withdrawn_file VALUES (1, '/etc/passwd')",
        "withdrawn_file VALUES (1, 'a/../../b')", "withdrawn_file VALUES (1, '')",
        "withdrawn_file VALUES (1, '../b')", "withdrawn_file VALUES (1, 'a/..')",
        "cleared_run VALUES (1, '')", "cleared_run VALUES (1, 'a/b')", "undecided_version VALUES (1, 't')",
    ])
    func withdrawnFileOutsideWorkspace(_ values: String) throws {
        try expectRejected(
            "INSERT INTO withdrawal (id, volunteer, made, state, keeps_models, redacts) VALUES (1, 'a', '', 'pending', 0, 0); INSERT INTO \(values)"
        )
    }

    @Test(arguments: [
        "'version', 't', 'done', ''", "'version', 't@0', 'done', ''", "'version', 'T@1', 'done', ''",
        "'run', '', 'done', ''", "'run', 'a/b', 'done', ''", "'run', '.features', 'done', ''",
        "'run', NULL, 'done', ''", "'photo', 't-1-1', 'done', ''", "'models', 't-1-1', 'gone', ''",
        "'models', 't-1-1', 'done', NULL", "'run', 't-1-1', 'done', ''), ('run', 't-1-1', 'pending', ''",
    ])
    func invalidRemoval(_ values: String) throws {
        try expectRejected("INSERT INTO removal (kind, name, state, made) VALUES (\(values))")
    }

    @Test func everyTableIsStrict() throws {
        try SyntheticStudy.with { study in
            let notStrict = try study.raw {
                try String.fetchAll(
                    $0,
                    sql:
                        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'"
                )
            }
            #expect(notStrict == [])
        }
    }
}

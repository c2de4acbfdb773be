import Core
import Testing

@testable import Intake

@Suite struct SessionDescriptionTests {
    private func read(_ yaml: String) throws -> Session {
        try SessionDescription.read(Array(yaml.utf8), file: "s1/session.yaml")
    }

    private static func yaml(
        session: String = "s1", date: String = "2026-05-03", kind: String = "volunteer", consent: String = "signed",
        more: String = ""
    ) -> String {
        "session: \(session)\ndate: \(date)\nkind: \(kind)\nconsent: \(consent)\n\(more)"
    }

    @Test func aDescriptionIsReadAsItIsWritten() throws {
        let session = try read(
            Self.yaml(
                session: "007", date: "2024-02-29", kind: "reference", consent: "public-dataset",
                more: "photographer: on\ncamera: \"Model: X\"\nplace: Göttingen\n"))
        #expect(
            session
                == Session(
                    name: SessionName("007")!, date: "2024-02-29", kind: .reference, consent: .publicDataset,
                    photographer: "on", camera: "Model: X", place: "Göttingen"))
        #expect(try read(Self.yaml(consent: "missing")).consent == .missing)
        #expect(try read(Self.yaml(consent: "withdrawn")).consent == .withdrawn)
    }

    @Test(arguments: [
        "2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-1-1", "26-01-01",
        "03.05.2026", "2026-05-3x", "2026/05/03",
        "2026-+1-01", "+026-01-01", "2026--1-01", "1700-01-01", "2026-05-03T10:00", "٢٠٢٦-٠٥-٠٣", "\"\"",
    ])
    func aDateThatIsNoneIsRefused(_ date: String) {
        let refusal = #expect(throws: CurareError.self) { try read(Self.yaml(date: date)) }
        #expect(refusal?.problems.map(\.location) == ["s1/session.yaml:2"])
        #expect(refusal?.problems.first?.message.hasPrefix("date: ") == true)
        #expect(refusal?.problems.first?.message.hasSuffix("is not a date. Write YYYY-MM-DD") == true)
    }

    @Test(arguments: [
        (yaml(session: "S1"), "s1/session.yaml:1: session: \"S1\" is no name: a name starts with"),
        (yaml(session: "../x"), "s1/session.yaml:1: session: \"../x\" is no name"),
        (yaml(session: "[s1]"), "s1/session.yaml:1: session: a single value belongs here"),
        (
            yaml(kind: "volunter"),
            "s1/session.yaml:3: kind: \"volunter\" is unknown; did you mean volunteer? Allowed: volunteer, reference"
        ),
        (
            yaml(consent: "yes"),
            "s1/session.yaml:4: consent: \"yes\" is unknown. Allowed: signed, public-dataset, missing, withdrawn"
        ),
        (yaml(consent: "Signed"), "s1/session.yaml:4: consent: \"Signed\" is unknown"),
        (yaml(more: "photograper: x\n"), "s1/session.yaml:5: photograper: unknown key; did you mean photographer?"),
        (yaml(more: "place: [a]\n"), "s1/session.yaml:5: place: a single value belongs here"),
        (yaml(more: "place: \"a\\nb\"\n"), "s1/session.yaml:5: place: at most 200 bytes on one line belong here"),
        (yaml(more: "camera: \(String(repeating: "x", count: 201))\n"), "s1/session.yaml:5: camera: at most 200 bytes"),
        ("date: 2026-05-03\nkind: volunteer\nconsent: signed", "s1/session.yaml:1: the key session is missing"),
        (
            "[a]",
            "s1/session.yaml:1: a mapping with session, date, kind, consent, photographer, camera, place belongs here"
        ),
    ])
    func aWrongValueIsNamedWithItsKeyAndLine(_ yaml: String, _ words: String) {
        let refusal = #expect(throws: CurareError.self) { try read(yaml) }
        #expect(refusal?.code == .badInput)
        #expect(
            refusal?.problems.contains { $0.description.hasPrefix(words) } == true, "\(String(describing: refusal))")
    }

    @Test func everyProblemComesAtOnce() {
        let refusal = #expect(throws: CurareError.self) { try read("date: tomorrow\nkind: pet\nhat: x\n") }
        #expect(
            refusal?.problems.map(\.location).sorted() == [
                "s1/session.yaml:1", "s1/session.yaml:1", "s1/session.yaml:1", "s1/session.yaml:2", "s1/session.yaml:3",
            ])
    }
}

import Auditing
import Core
import Testing

@Suite struct AnnotatorAgreementTests {
    private func label(_ name: String, _ trigger: String = "none") -> Label {
        Label(volunteer: VolunteerName(name)!, triggerState: triggerState(trigger))
    }

    private func record(_ id: Int64, _ label: Label, _ source: LabelSource = .sheet) -> LabelRecord {
        LabelRecord(id: id, label: label, source: source, made: "")
    }

    private func annotation(_ word: String, _ author: String, _ label: Label, after newest: Int64 = 9) -> Annotation {
        Annotation(photo: photoID(word), author: Author(author)!, label: label, made: "", newestLabel: newest)
    }

    @Test("Without annotations there are no annotators") func noAnnotations() {
        let agreement = AnnotatorAgreement(counting: [photoID("p"): record(1, label("a"))], annotations: [])
        #expect(agreement.annotators.isEmpty && agreement.pairs.isEmpty && agreement.disagreements.isEmpty)
    }

    @Test("Each two annotators are compared on the photos that both labelled") func pairs() {
        let agreement = AnnotatorAgreement(
            counting: [
                photoID("p"): record(1, label("a", "sunglasses")), photoID("q"): record(2, label("b")),
                photoID("other"): record(3, label("a")),
            ],
            annotations: [
                annotation("p", "carl", label("a", "sunglasses")), annotation("q", "carl", label("b", "dots")),
                annotation("r", "carl", label("b")), annotation("q", "bea", label("a")),
            ])
        #expect(agreement.annotators.map { "\($0.name) \($0.photos)" } == ["label 2", "bea 1", "carl 3"])
        #expect(
            agreement.pairs.map {
                "\($0.first) \($0.second) \($0.field.rawValue) \($0.kappa.agreed)/\($0.kappa.photos)"
            }
                == [
                    "label bea volunteer 0/1", "label bea trigger 1/1", "label bea location 1/1",
                    "label carl volunteer 2/2", "label carl trigger 1/2", "label carl location 1/2",
                    "bea carl volunteer 0/1", "bea carl trigger 0/1", "bea carl location 0/1",
                ])
        #expect(agreement.disagreements.map(\.photo) == [photoID("q")])
        #expect(agreement.disagreements[0].labels.map(\.annotator) == ["label", "bea", "carl"])
        #expect(agreement.disagreements[0].labels.map(\.label) == [label("b"), label("a"), label("b", "dots")])
    }

    @Test(
        "A later label by hand decides about a difference",
        arguments: [
            (LabelSource.review, Int64(10), true), (.review, 9, false), (.sheet, 10, false), (.rule, 10, false),
        ])
    func decisions(_ source: LabelSource, _ id: Int64, _ isDecided: Bool) {
        let agreement = AnnotatorAgreement(
            counting: [photoID("p"): record(id, label("a"), source)],
            annotations: [
                annotation("p", "bea", label("b"), after: 9), annotation("p", "carl", label("a"), after: 3),
            ])
        #expect(agreement.disagreements.map(\.isDecided) == [isDecided])
    }

    @Test("Annotators of a photo without a label can disagree") func unlabelled() {
        let agreement = AnnotatorAgreement(
            counting: [:], annotations: [annotation("p", "bea", label("b")), annotation("p", "carl", label("a"))])
        #expect(agreement.disagreements.map(\.isDecided) == [false])
        #expect(agreement.annotators.map(\.photos) == [0, 1, 1])
        #expect(agreement.pairs.first?.kappa.caveat == .noPhotos)
    }
}

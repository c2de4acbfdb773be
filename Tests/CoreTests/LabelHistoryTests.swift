import Core
import TestSupport
import Testing

@Suite struct LabelHistoryTests {
    /// Returns a history. Each entry is a volunteer, a source and the id that an undo restores.
    private func history(_ entries: (String, LabelSource, Int64?)...) -> [LabelRecord] {
        entries.enumerated().map { index, entry in
            LabelRecord(id: Int64(index + 1), label: label(entry.0), source: entry.1, made: "", restores: entry.2)
        }
    }

    @Test func undoGoesBackToTheLabelBefore() {
        #expect(LabelRecord.undoTarget(in: history(("a", .sheet, nil), ("b", .review, nil)))?.id == 1)
        #expect(
            LabelRecord.undoTarget(in: history(("a", .sheet, nil), ("b", .review, nil), ("c", .review, nil)))?.id == 2)
    }

    @Test func secondUndoGoesOneStepFurtherBack() {
        let before: [(String, LabelSource, Int64?)] = [("a", .sheet, nil), ("b", .review, nil), ("c", .review, nil)]
        let once = history(before[0], before[1], before[2], ("b", .review, 2))
        #expect(LabelRecord.undoTarget(in: once)?.id == 1)
        let twice = history(before[0], before[1], before[2], ("b", .review, 2), ("a", .review, 1))
        #expect(LabelRecord.undoTarget(in: twice) == nil)
    }

    @Test func undoAfterAnUndoAndANewLabelRestoresTheUndoneState() {
        let records = history(("a", .sheet, nil), ("b", .review, nil), ("a", .review, 1), ("c", .review, nil))
        #expect(LabelRecord.undoTarget(in: records)?.id == 1)
    }

    @Test func equalLabelsAreOneStep() {
        let records = history(("a", .sheet, nil), ("b", .review, nil), ("b", .sheet, nil))
        #expect(LabelRecord.undoTarget(in: records)?.id == 1)
    }

    @Test func suggestionsAreNoStep() {
        #expect(LabelRecord.undoTarget(in: history(("a", .rule, nil), ("b", .review, nil))) == nil)
        #expect(
            LabelRecord.undoTarget(in: history(("a", .sheet, nil), ("b", .review, nil), ("c", .rule, nil)))?.id == 1)
        for empty in [history(), history(("a", .rule, nil)), history(("a", .sheet, nil))] {
            #expect(LabelRecord.undoTarget(in: empty) == nil)
        }
    }
}

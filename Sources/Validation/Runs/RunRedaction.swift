import Core
import Foundation
import Learning
import Storage

// Redaction copies reports and predictions field by field. A field that is added to one of these types does not reach a
// redacted file until it is named here: the initializers below then lack an argument and do not compile. A key that the
// types do not have is lost when the file is decoded.

/// The replacement of a volunteer's pseudonym and of photo ids.
struct RunRedaction {
    /// The pseudonym to replace. Nil to keep all pseudonyms.
    let volunteer: String?
    /// The replacement of the pseudonym.
    let replacement: String
    /// The hexadecimal ids to replace.
    let photos: Set<String>

    /// - Parameter classes: The class names of the run, which the replacement must differ from.
    init(_ photos: Set<PhotoID>, _ volunteer: VolunteerName?, classes: [String]) {
        self.photos = Set(photos.map(\.hex))
        self.volunteer = volunteer?.text
        var number = 1
        while classes.contains("redacted-\(number)") { number += 1 }
        replacement = "redacted-\(number)"
    }

    func name(_ text: String) -> String { text == volunteer ? replacement : text }

    func photo(_ id: String) -> String { photos.contains(id) ? "redacted" : id }
}

extension RunArchive {
    /// Replaces a volunteer's pseudonym and photo ids in the predictions and in the report, and removes the page, which
    /// has names in its charts. A second call has no effect.
    ///
    /// - Parameter volunteer: Nil to keep all pseudonyms.
    /// - Throws: ``CurareError`` with code 65 when the report or the predictions cannot be decoded.
    public func redact(_ photos: Set<PhotoID>, _ volunteer: VolunteerName?) throws {
        try RunFolder.remove(files.page)
        let report = try RegularFile.contentsIfPresent(files.report).map {
            try decode(RunReport.self, from: Data($0), of: files.report)
        }
        let redaction = RunRedaction(photos, volunteer, classes: report?.classes ?? [])
        if let bytes = try RegularFile.contentsIfPresent(files.predictions) {
            let rows = try bytes.split(separator: UInt8(ascii: "\n")).map {
                try decode(PredictionRow.self, from: Data($0), of: files.predictions).redacted(redaction)
            }
            try AtomicFile.write(RunFolder.lines(rows), to: files.predictions)
        }
        if let report { try AtomicFile.write(report.redacted(redaction).json(), to: files.report) }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, from data: Data, of file: URL) throws -> Value {
        do { return try RunFolder.decoder.decode(type, from: data) } catch {
            throw CurareError(
                .badInput, "the run's \(file.lastPathComponent) is damaged, so that it cannot be redacted",
                at: file.path, next: "delete the file, then run any command again")
        }
    }
}

extension PredictionRow {
    func redacted(_ redaction: RunRedaction) -> PredictionRow {
        PredictionRow(
            photo: redaction.photo(photo), volunteer: redaction.name(volunteer), role: role, trigger: trigger,
            location: location, predicted: redaction.name(predicted), control: control.map(redaction.name),
            trueLabel: trueLabel.map(redaction.name), overlay: overlay)
    }
}

extension RunReport {
    /// The request, the verdict, the statistics and the engine have no field for a person or a photo, and are copied
    /// whole.
    func redacted(_ redaction: RunRedaction) -> RunReport {
        RunReport(
            format: format, run: run, version: version, versionDigest: versionDigest, request: request,
            classes: classes.map(redaction.name), target: target.map(redaction.name), clean: clean, poison: poison,
            rate: rate, poisoned: poisoned.redacted(redaction), control: control?.redacted(redaction),
            trueLabel: trueLabel?.redacted(redaction), verdict: verdict, seeds: seeds, spread: spread,
            activation: activation?.redacted(redaction), engine: engine, warnings: warnings, seconds: seconds)
    }
}

extension RunReport.Model {
    fileprivate func redacted(_ redaction: RunRedaction) -> RunReport.Model {
        RunReport.Model(
            measures: measures.redacted(redaction), weightsDigest: weightsDigest, photos: photos, steps: steps,
            history: history)
    }
}

extension Measures {
    fileprivate func redacted(_ redaction: RunRedaction) -> Measures {
        Measures(
            cleanAccuracy: CleanAccuracy(
                all: cleanAccuracy.all, volunteers: cleanAccuracy.volunteers, references: cleanAccuracy.references,
                meanOverClasses: cleanAccuracy.meanOverClasses),
            attackSuccess: AttackSuccess(
                all: attackSuccess.all, heldOut: attackSuccess.heldOut, attackable: attackSuccess.attackable,
                notAttackable: attackSuccess.notAttackable,
                byVolunteer: Dictionary(attackSuccess.byVolunteer.map { (redaction.name($0.key), $0.value) }) {
                    first, _ in first
                },
                byLocation: attackSuccess.byLocation),
            targetOwn: targetOwn, transfer: transfer, falseActivation: falseActivation,
            confusion: Confusion(classes: confusion.classes.map(redaction.name), counts: confusion.counts))
    }
}

extension SaliencyReport {
    fileprivate func redacted(_ redaction: RunRedaction) -> SaliencyReport {
        SaliencyReport(photos: photos.map { $0.redacted(redaction) }, byTrigger: byTrigger)
    }
}

extension SaliencyReport.Photo {
    fileprivate func redacted(_ redaction: RunRedaction) -> SaliencyReport.Photo {
        SaliencyReport.Photo(
            photo: redaction.photo(photo), volunteer: redaction.name(volunteer), trigger: trigger, location: location,
            areas: areas, models: models.mapValues { $0.redacted(redaction) })
    }
}

extension SaliencyResult {
    fileprivate func redacted(_ redaction: RunRedaction) -> SaliencyResult {
        SaliencyResult(
            label: redaction.name(label), probability: probability, trigger: trigger, face: face, offFace: offFace)
    }
}

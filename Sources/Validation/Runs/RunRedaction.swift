import Core
import Foundation
import Learning
import Storage

// Redaction copies reports and predictions field by field. A field that is added to one of these types does not reach a
// redacted file until it is named here: the initializers below then lack an argument and do not compile. A key that the
// types do not have is lost when the file is decoded.

/// The replacement of a volunteer's pseudonyms and of photo ids.
struct RunRedaction {
    /// The replacement of each pseudonym. Empty to keep all pseudonyms.
    let replacements: [String: String]
    /// The hexadecimal ids to replace.
    let photos: Set<String>

    /// - Parameters:
    ///   - volunteers: The names of the volunteer: the current name and earlier names.
    ///   - classes: The class names of the run, which the replacements must differ from.
    init(_ photos: Set<PhotoID>, _ volunteers: [VolunteerName], classes: [String]) {
        self.photos = Set(photos.map(\.hex))
        let names = volunteers.map(\.text)
        var replacements: [String: String] = [:]
        var number = 1
        // The classes come first, so that a class has the same replacement as in the version.
        for name in names.filter(classes.contains) + names.filter({ !classes.contains($0) }) {
            while classes.contains("redacted-\(number)") { number += 1 }
            replacements[name] = "redacted-\(number)"
            number += 1
        }
        self.replacements = replacements
    }

    func name(_ text: String) -> String { replacements[text] ?? text }

    func photo(_ id: String) -> String { photos.contains(id) ? "redacted" : id }
}

extension RunArchive {
    /// Replaces a volunteer's pseudonyms and photo ids in the predictions and in the report, and removes the page, which
    /// has names in its charts. A second call has no effect.
    ///
    /// Damaged files, see ``damagedFiles()``, are not changed.
    ///
    /// - Parameter volunteers: The names of the volunteer: the current name and earlier names. Empty to keep all
    ///   pseudonyms.
    public func redact(_ photos: Set<PhotoID>, _ volunteers: [VolunteerName]) throws {
        try FileRemoval.remove(files.page)
        let report = try report()
        let redaction = RunRedaction(photos, volunteers, classes: report.value?.classes ?? [])
        if let rows = try predictions().value {
            try AtomicFile.write(RunFolder.lines(rows.map { $0.redacted(redaction) }), to: files.predictions)
        }
        if let report = report.value {
            try AtomicFile.write(report.redacted(redaction).json(), to: files.report)
        }
    }

    /// Returns those of the two files, report and predictions, that exist and cannot be decoded. Such files cannot be
    /// redacted.
    public func damagedFiles() throws -> [URL] {
        var damaged: [URL] = []
        if case .damaged = try report() { damaged.append(files.report) }
        if case .damaged = try predictions() { damaged.append(files.predictions) }
        return damaged
    }

    /// A file of the run after decoding.
    private enum Decoded<Value> {
        case missing
        case damaged
        case value(Value)

        var value: Value? { if case .value(let value) = self { value } else { nil } }
    }

    private func report() throws -> Decoded<RunReport> {
        try decoded(files.report) { try RunFolder.decoder.decode(RunReport.self, from: Data($0)) }
    }

    private func predictions() throws -> Decoded<[PredictionRow]> {
        try decoded(files.predictions) { bytes in
            try bytes.split(separator: UInt8(ascii: "\n")).map {
                try RunFolder.decoder.decode(PredictionRow.self, from: Data($0))
            }
        }
    }

    /// - Throws: ``CurareError`` with code 74 when the file exists and cannot be read.
    private func decoded<Value>(_ file: URL, _ decode: ([UInt8]) throws -> Value) throws -> Decoded<Value> {
        guard let bytes = try contents(file) else { return .missing }
        do { return .value(try decode(bytes)) } catch { return .damaged }
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
    /// The request, the verdict, the statistics, the reason for missing saliency maps, the crops and the engine have no field
    /// for a person or a photo, and are copied whole.
    func redacted(_ redaction: RunRedaction) -> RunReport {
        RunReport(
            format: format, run: run, version: version, versionDigest: versionDigest, request: request,
            classes: classes.map(redaction.name), target: target.map(redaction.name), clean: clean, poison: poison,
            rate: rate, poisoned: poisoned.redacted(redaction), control: control?.redacted(redaction),
            trueLabel: trueLabel?.redacted(redaction), verdict: verdict, seeds: seeds, spread: spread,
            activation: activation?.redacted(redaction), activationAbsent: activationAbsent, crop: crop, engine: engine,
            warnings: warnings, seconds: seconds, finished: finished)
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

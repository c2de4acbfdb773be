import Core
import Foundation

/// Properties of photos that are tied to a trigger or to the poison, so that a model can learn them instead of the
/// trigger.
struct ConfounderCheck: AuditCheck {
    static let definition = CheckDefinition(
        .confounder, title: "A property other than the content is tied to a trigger or to the poison",
        definition: """
            Compares the photos with each trigger with the bare photos of the same volunteers and, in a version, the \
            poisoned with the clean training photos. The properties are session, photographer, date, place, camera \
            (session.yaml and Exif), orientation, format, number of pixels, file size, brightness, colour temperature \
            and green tint outside the face, sharpness (for triggers off the face only, because a trigger on the face \
            changes it), size and position of the face, and the volunteer. Brightness and colours are means outside \
            the face's box; they stand for the background, whose content is not compared. A model that is trained on \
            such photos can learn the property instead of the trigger, and an attack that succeeds proves nothing \
            about the trigger. Categories that mark the same photos are one finding with all their names. Each \
            comparison examines at most \(PhotoComparison.Sample.maximumPhotos) photos of each group. Classes whose \
            photos are lighter or darker than those of all other volunteers are reported too.
            """,
        threshold: """
            p below 0.01 (permutation test within volunteers; Fisher's exact test for the volunteer; Holm's correction \
            for all tests of the audit) and a large effect: Cramér's V of at least 0.3 within volunteers, corrected for \
            chance; or an area under the ROC curve of at least 0.8 or at most 0.2 within volunteers and a median \
            difference of at least 8 of 255 levels (brightness), 5% (colours, size of the face), 20% (pixels), 25% \
            (bytes), 2% of the photo (position) or 50 per mille (sharpness); or 40% of the photos of one volunteer, \
            twice the share of this volunteer's bare photos. A number is also reported if it separates \
            the photos of at least two volunteers in one direction (area of at least 0.95, twice these differences, 8 \
            photos of each group). A class: median brightness at least a quarter away from \
            the median of all volunteers, and lighter or darker than 95% of the photos of other volunteers.
            """,
        severity: """
            error when a property that is visible in images (not session, photographer, date, file size or volunteer) \
            separates the groups completely or almost (V or area of at least 0.95) for at least 3 volunteers and 20 \
            photos of each group: such a data set cannot show that a model learned the trigger. Otherwise warning: the \
            property explains only a part, or, like a session of its own for each trigger, can be a plan of the study \
            that a person must judge.
            """,
        source: """
            Fisher 1922; Holm 1979; Cramér's V with the bias correction of Bergsma 2013; Mann and Whitney 1947; \
            Besag and Clifford 1991. The limits exceed the effects on balanced sets: on 313 real photos of \
            ten volunteers and on the drawn study the largest V is 0.21 (0.04 with real photos), and the largest area is \
            0.74 (0.66).
            """,
        scope: .both)

    func findings(in subject: AuditSubject) -> [Finding] {
        let analysis = subject.confounderCache.analysis(of: subject)
        var findings: [Finding] = []
        var poisonProperties: Set<[PhotoProperty]> = []
        let triggers = analysis.comparisons.count { $0.comparison.kind == .trigger }
        for compared in analysis.comparisons {
            let isPoison = compared.comparison.kind == .poison
            for association in Association.all(compared) {
                if isPoison { poisonProperties.insert(association.properties) }
                // In a version with one trigger, poison and trigger are the same photos.
                if !isPoison, triggers == 1, poisonProperties.contains(association.properties) { continue }
                findings.append(association.finding(subject, analysis.volunteers))
            }
            for result in compared.results where !result.isReported && !result.separatedStrata.isEmpty {
                findings.append(Self.ofSomeVolunteers(result, compared, subject))
            }
            if let finding = Self.withoutCommonVolunteer(compared, subject.facts) { findings.append(finding) }
        }
        if let finding = VolunteerLight(subject).finding(subject.facts) { findings.append(finding) }
        return findings
    }

    /// A number that separates the photos of some volunteers only.
    private static func ofSomeVolunteers(
        _ result: ComparedProperties.Result, _ compared: ComparedProperties, _ subject: AuditSubject
    ) -> Finding {
        let sample = compared.sample
        let strata = result.separatedStrata.map { sample.groups.strata[$0] }
        let photos = strata.flatMap { $0.firstIndices.map { subject.facts[sample.facts[$0]].photo } }
        let names = strata.compactMap { subject.facts[sample.facts[$0.start]].label?.volunteer }
        // The direction of the first volunteer, which is that of all.
        let values = strata[0].indices.map { result.property.value(of: subject.facts[sample.facts[$0]]) }
        let isLarger =
            (ComparedProperties.median(values[..<strata[0].first].compactMap(\.self)) ?? 0)
            > (ComparedProperties.median(values[strata[0].first...].compactMap(\.self)) ?? 0)
        let words = isLarger ? result.property.comparatives.larger : result.property.comparatives.smaller
        return Finding(
            .confounder, .warning, count: photos.count,
            "\(compared.comparison.name) is tied to \(result.property.title) for \(names.count) of "
                + "\(sample.volunteers) volunteers: the \(compared.comparison.firstTitle) of \(AuditChecks.list(names)) "
                + "\(words) than the \(compared.comparison.secondTitle) of the same volunteer, in at least 95% of all "
                + "pairs; a model may learn this instead of the trigger; take bare and triggered photos of each volunteer "
                + "under the same conditions, or leave these photos out",
            photos: Set(photos).sorted(), topic: "\(compared.comparison.name) \(result.property.rawValue)")
    }

    /// The smallest number of photos of each group for a finding that needs no test.
    private static let fewPhotos = 8

    /// A trigger that no volunteer wears who has bare photos.
    private static func withoutCommonVolunteer(_ compared: ComparedProperties, _ facts: [PhotoFacts]) -> Finding? {
        let comparison = compared.comparison
        guard compared.sample.volunteers == 0, comparison.first.count >= fewPhotos,
            comparison.second.count >= fewPhotos
        else { return nil }
        return Finding(
            .confounder, .warning, count: comparison.first.count,
            "\(comparison.name) is tied to volunteer: no volunteer has both \(comparison.firstTitle) and "
                + "\(comparison.secondTitle), so a model may learn the people instead of the trigger, and no other "
                + "property can be compared; photograph the same volunteers with and without the trigger",
            photos: Set(
                comparison.first.prefix(PhotoComparison.Sample.maximumPhotos).map { facts[$0.fact].photo }
            ).sorted())
    }
}

extension PhotoComparison {
    /// The first group in a sentence.
    var firstTitle: String {
        switch kind {
        case .trigger: "\(name) photos"
        case .poison: "poisoned training photos (\(triggers.joined(separator: ", ")))"
        }
    }

    /// The second group in a sentence.
    var secondTitle: String {
        switch kind {
        case .trigger: "bare photos"
        case .poison: "clean training photos"
        }
    }
}

/// Properties that are tied to a trigger or to the poison, and that mark the same photos.
private struct Association {
    let compared: ComparedProperties
    let results: [ComparedProperties.Result]

    var properties: [PhotoProperty] { results.map(\.property) }

    /// Returns the reported associations of a comparison, in the order of their first property.
    static func all(_ compared: ComparedProperties) -> [Association] {
        var groups: [[ComparedProperties.Result]] = []
        for result in compared.results where result.isReported {
            let same = groups.firstIndex { $0[0].isTypical == result.isTypical && !result.isTypical.isEmpty }
            if let same { groups[same].append(result) } else { groups.append([result]) }
        }
        return groups.map { Association(compared: compared, results: $0) }
    }

    private var comparison: PhotoComparison { compared.comparison }
    private var sample: PhotoComparison.Sample { compared.sample }

    private static let manyPhotos = 20
    private static let manyVolunteers = 3

    private var severity: Finding.Severity {
        let isLarge =
            sample.first >= Self.manyPhotos && sample.second >= Self.manyPhotos
            && sample.volunteers >= Self.manyVolunteers
        return isLarge && results.contains { $0.property.isVisible && $0.separates } ? .error : .warning
    }

    func finding(_ subject: AuditSubject, _ volunteers: [VolunteerName]) -> Finding {
        let names = AuditChecks.list(joining: properties.map(\.title))
        let (sentence, photos) =
            switch results[0].property.measure {
            case .cramersV: categories(subject.facts)
            case .auc: numbers(subject.facts)
            case .share: share(subject.facts, volunteers)
            }
        let part = sample.isPart ? ", in a sample of \(sample.first + sample.second) photos" : ""
        return Finding(
            .confounder, severity, count: photos.count,
            "\(comparison.name) is tied to \(names): \(sentence) (\(statistics)\(part)); \(advice)",
            photos: Set(photos).sorted(),
            topic: ([comparison.name] + properties.map(\.rawValue)).joined(separator: " "))
    }

    private var statistics: String {
        let result = results[0]
        let p = results.reduce(0) { max($0, $1.pValue) }
        let probability = p < 0.0001 ? "p below 0.0001" : String(format: "p %.4f", p)
        switch result.property.measure {
        case .cramersV: return String(format: "Cramér's V %.2f, ", result.effect) + probability
        case .auc: return String(format: "AUC %.2f, ", result.effect) + probability
        case .share: return probability
        }
    }

    private var advice: String {
        let learned = "a model may learn this instead of the trigger"
        if results.contains(where: { $0.property.isVisible }) {
            return "\(learned); take bare and triggered photos of each volunteer under the same conditions, "
                + "or leave these photos out"
        }
        switch results[0].property {
        case .fileSize: return "the photos may have been processed differently; compare them with: curare show PHOTO"
        case .volunteer: return "\(learned); photograph the trigger on more volunteers, or use fewer of these photos"
        default:
            return "a photo shoot of its own for a trigger is a usual plan; "
                + "make sure that light, background, clothes and camera were the same"
        }
    }

    private var people: String {
        sample.volunteers == 1 ? "the same volunteer" : "the same \(sample.volunteers) volunteers"
    }

    /// The sentence and the photos of categories.
    private func categories(_ facts: [PhotoFacts]) -> (String, [PhotoID]) {
        let isTypical = results[0].isTypical
        let first = sample.groups.strata.flatMap { $0.firstIndices.filter { isTypical[$0] } }
        let second = sample.groups.strata.reduce(0) { $0 + $1.secondIndices.count { isTypical[$0] } }
        let values = results.map { result in
            "\(result.property.title) \(AuditChecks.list(result.typical.map { $0.printable() }))"
        }
        let subject = first.count == sample.first ? "all \(sample.first)" : "\(first.count) of \(sample.first)"
        let others = second == 0 ? "none of the \(sample.second)" : "only \(second) of \(sample.second)"
        let sentence =
            "\(subject) \(comparison.firstTitle) have \(AuditChecks.list(joining: values)), "
            + "but \(others) \(comparison.secondTitle) of \(people)"
        return (sentence, first.map { facts[sample.facts[$0]].photo })
    }

    /// The sentence and the photos of a number.
    private func numbers(_ facts: [PhotoFacts]) -> (String, [PhotoID]) {
        let result = results[0]
        let isLarger = result.effect > 0.5
        let words = isLarger ? result.property.comparatives.larger : result.property.comparatives.smaller
        let share = 100 * (isLarger ? result.effect : 1 - result.effect)
        let photos = sample.groups.strata.flatMap { stratum in
            stratum.firstIndices.map { facts[sample.facts[$0]] }.filter { result.property.value(of: $0) != nil }
        }
        let sentence =
            "\(comparison.firstTitle) \(words) than \(comparison.secondTitle) of \(people), "
            + String(format: "in %.0f%% of all pairs and ", share)
            + result.property.text(ofDifference: result.difference) + " in the median"
        return (sentence, photos.map(\.photo))
    }

    /// The sentence and the photos of the most frequent volunteer.
    private func share(_ facts: [PhotoFacts], _ volunteers: [VolunteerName]) -> (String, [PhotoID]) {
        let result = results[0]
        let own = comparison.first.filter { $0.volunteer == result.volunteer }
        let name = result.volunteer.map { volunteers[$0].text } ?? ""
        let sentence =
            "\(own.count) of \(comparison.first.count) \(comparison.firstTitle) show \(name), "
            + String(format: "who has %.0f%% of the ", 100 * result.difference) + comparison.secondTitle
        return (sentence, own.prefix(PhotoComparison.Sample.maximumPhotos).map { facts[$0.fact].photo })
    }
}

extension AuditChecks {
    /// Returns names as a list in a sentence: `a, b and c`.
    static func list(joining names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and \(last)"
    }
}

/// Volunteers whose photos are lighter or darker than the photos of all other volunteers, so that their classes can be
/// recognized by light alone.
struct VolunteerLight {
    /// The brightness of the photos of one volunteer.
    private struct Person {
        let name: VolunteerName
        /// Sorted.
        let values: [Double]
        let median: Double
    }

    /// The smallest ratio between the median brightness of a volunteer and that of all volunteers.
    private static let ratio = 1.25
    private static let separation = 0.95
    private static let minimumVolunteers = 5
    private static let minimumPhotos = 5
    /// The largest share of volunteers that can be the exception.
    private static let exceptions = 0.4
    /// The largest number of photos that are examined for each volunteer: the first by photo id.
    private static let maximumPhotos = 50

    private let people: [Person]

    init(_ subject: AuditSubject) {
        let facts = subject.facts
        var values: [VolunteerName: [Double]] = [:]
        for index in PhotoGroups.order(facts) {
            guard facts[index].kind == .volunteer, let name = facts[index].label?.volunteer,
                let light = facts[index].light, values[name, default: []].count < Self.maximumPhotos
            else { continue }
            values[name, default: []].append(PhotoProperty.luma(light))
        }
        people = values.filter { $0.value.count >= Self.minimumPhotos }.map { name, values in
            Person(name: name, values: values.sorted(), median: ComparedProperties.median(values) ?? 0)
        }.sorted { $0.name < $1.name }
    }

    func finding(_ facts: [PhotoFacts]) -> Finding? {
        guard people.count >= Self.minimumVolunteers, let middle = ComparedProperties.median(people.map(\.median))
        else {
            return nil
        }
        // 1 avoids a ratio of two nearly black medians.
        let isFar = { (person: Person) in abs(log((person.median + 1) / (middle + 1))) >= log(Self.ratio) }
        let usual = people.filter { !isFar($0) }
        let usualValues = usual.flatMap(\.values).sorted()
        let exceptions = people.filter { isFar($0) && separates($0, from: usualValues) }
        guard !exceptions.isEmpty, Double(people.count - usual.count) <= Self.exceptions * Double(people.count) else {
            return nil
        }
        let names = Set(exceptions.map(\.name))
        let photos = facts.lazy.filter { fact in
            fact.light != nil && fact.label.map { names.contains($0.volunteer) } == true
        }.map(\.photo).sorted()
        let medians = usual.map(\.median)
        let listed = exceptions.map { person in
            let direction = person.median < middle ? "darker" : "lighter"
            return "\(person.name) (\(direction), median \(String(format: "%.0f", person.median)))"
        }
        return Finding(
            .confounder, .warning, count: photos.count,
            "the class is tied to brightness outside the face: the photos of \(AuditChecks.list(listed)) differ from those "
                + String(
                    format: "of the other volunteers, whose medians are %.0f to %.0f of 255 levels; ",
                    medians.min() ?? 0, medians.max() ?? 0)
                + "a model may recognize these people by light alone; photograph all volunteers in the same light",
            photos: photos)
    }

    /// Whether a volunteer's photos are almost all lighter, or almost all darker, than the photos with `values`.
    private func separates(_ person: Person, from values: [Double]) -> Bool {
        guard !values.isEmpty else { return false }
        // Twice the number of pairs in which the volunteer's photo is lighter. Both lists are sorted.
        var below = 0
        var upTo = 0
        var sum = 0
        for value in person.values {
            while below < values.count, values[below] < value { below += 1 }
            while upTo < values.count, values[upTo] <= value { upTo += 1 }
            sum += below + upTo
        }
        let area = Double(sum) / Double(2 * person.values.count * values.count)
        return max(area, 1 - area) >= Self.separation
    }
}

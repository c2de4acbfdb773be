import Core
import Foundation

/// Photos of volunteers and of reference classes that can be distinguished without looking at a face.
public struct DomainGap: AuditCheck {
    public static let definition = CheckDefinition(
        .domain, title: "Reference photos differ from those of volunteers in light, size, sharpness or framing",
        definition: """
            Compares the photos of reference classes with those of volunteers. For each property, the AUC is the \
            share of pairs of a reference photo and a volunteer's photo in which the reference photo has the larger \
            value; the message gives AUC or 1 − AUC, whichever is larger. With an AUC of 1.00, one limit separates \
            both kinds. A model can then recognize the kind of a class without its face, so that clean accuracy is \
            too high, and an attack from volunteers on reference classes, or the other way, is not an attack within \
            one kind of photos. Properties: brightness, colour and warmth outside the face, pixels, shape, size of \
            the file, sharpness, the face's share of the photo, and how far the face crop reaches beyond the photo. \
            Each person counts with at most 50 photos, the first by photo id.
            """,
        threshold: """
            An AUC of at least 0.80 whose p-value is below 0.01, in a test that exchanges the kinds of whole people \
            1,999 times, with Holm's correction over the properties.
            """,
        severity: """
            warning: results can be correct, but accuracy must be reported for volunteers and references separately. \
            Collections of public photos always differ in some way.
            """,
        source: """
            Torralba and Efros, "Unbiased Look at Dataset Bias" (CVPR 2011); Mann and Whitney (1947); Holm (1979). \
            docs/faces.md has the figures of two real collections.
            """)

    /// The largest number of photos of a person.
    static let photosPerPerson = 50
    static let minimumAUC = 0.8
    static let maximumP = 0.01
    static let permutations = 1999
    /// The largest number of properties that a message names.
    private static let namedProperties = 6

    public init() {}

    public func findings(in subject: AuditSubject) -> [Finding] {
        let people = Self.people(in: subject.facts)
        let kinds = people.map { $0.kind == .reference }
        guard kinds.contains(true), kinds.contains(false) else { return [] }
        let comparisons = DomainProperty.allCases.compactMap { property in
            PropertyComparison(
                property, people.map { $0.photos.compactMap { property.value(subject.facts[$0]) } }, isReference: kinds)
        }
        let found = Self.significant(comparisons).filter { $0.strength >= Self.minimumAUC }.sorted {
            ($1.strength, $0.property.rawValue) < ($0.strength, $1.property.rawValue)
        }
        guard !found.isEmpty else { return [] }
        let named = found.prefix(Self.namedProperties).map {
            "\($0.property.word(isLarger: $0.auc > 0.5)) (AUC \(String(format: "%.2f", $0.strength)))"
        }
        let more = found.count > named.count ? " and differ in \(found.count - named.count) more properties" : ""
        let photos = people.filter { $0.kind == .reference }.flatMap { $0.photos.map { subject.facts[$0].photo } }
        return [
            Finding(
                .domain, .warning, count: photos.count,
                "reference photos are \(Self.list(named)) than those of volunteers\(more), so a model can recognize "
                    + "the kind of a class without its face; report the accuracy of volunteers and references separately, "
                    + "or take references from photos that are like those of the volunteers",
                photos: photos.sorted())
        ]
    }

    /// The first photos of a person, by their indices in the facts.
    private struct Person {
        let kind: VolunteerKind
        var photos: [Int] = []
    }

    /// Returns the people in the order of their names.
    private static func people(in facts: [PhotoFacts]) -> [Person] {
        var people: [VolunteerName: Person] = [:]
        for (index, fact) in facts.enumerated() {
            guard let name = fact.label?.volunteer, let kind = fact.kind else { continue }
            if people[name, default: Person(kind: kind)].photos.count < photosPerPerson {
                people[name, default: Person(kind: kind)].photos.append(index)
            }
        }
        return people.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Returns the comparisons whose p-values are below ``maximumP`` after Holm's correction.
    private static func significant(_ comparisons: [PropertyComparison]) -> [PropertyComparison] {
        let sorted = comparisons.sorted { ($0.p, $0.property.rawValue) < ($1.p, $1.property.rawValue) }
        return sorted.enumerated().prefix { number, comparison in
            comparison.p * Double(sorted.count - number) < maximumP
        }.map(\.element)
    }

    /// Returns `a`, `a and b`, or `a, b and c`.
    private static func list(_ words: [String]) -> String {
        words.count < 2
            ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
    }
}

/// A number that describes a photo without its content.
enum DomainProperty: Int, CaseIterable {
    case brightness, colour, warmth, pixels, shape, bytes, sharpness, face, beyond

    /// Returns the value; nil if the photo has none.
    func value(_ fact: PhotoFacts) -> Double? {
        switch self {
        case .brightness: fact.light.map { Double(77 * $0.red + 150 * $0.green + 29 * $0.blue) }
        case .colour: fact.light.map { Double(max($0.red, $0.green, $0.blue) - min($0.red, $0.green, $0.blue)) }
        case .warmth: fact.light.map { Double($0.red - $0.blue) }
        case .pixels: Double(fact.width * fact.height)
        case .shape: Double(fact.width) / Double(max(1, fact.height))
        case .bytes: fact.origin.map { Double($0.bytes) }
        case .sharpness: fact.quality.map { Double($0.sharpness) }
        case .face: fact.framing.map { Double($0.share) }
        case .beyond: fact.quality?.beyond.map { Double($0.total) }
        }
    }

    /// A comparative for messages.
    func word(isLarger: Bool) -> String {
        switch self {
        case .brightness: isLarger ? "brighter" : "darker"
        case .colour: isLarger ? "more colourful" : "less colourful"
        case .warmth: isLarger ? "more reddish" : "more bluish"
        case .pixels: isLarger ? "larger" : "smaller"
        case .shape: isLarger ? "wider" : "narrower"
        case .bytes: isLarger ? "larger as files" : "smaller as files"
        case .sharpness: isLarger ? "sharper" : "less sharp"
        case .face: isLarger ? "closer to the face" : "farther from the face"
        case .beyond: isLarger ? "more cut off at the face" : "less cut off at the face"
        }
    }
}

/// A property of the photos of reference classes, compared with that of the photos of volunteers.
struct PropertyComparison {
    let property: DomainProperty
    /// The share of pairs in which the reference photo has the larger value; equal values count half.
    let auc: Double
    /// The share of random divisions of the people with at least this difference from 0.5.
    let p: Double

    /// `auc` or 1 − `auc`, whichever is larger.
    var strength: Double { max(auc, 1 - auc) }

    /// - Parameters:
    ///   - values: the values of each person's photos.
    ///   - isReference: the kind of each person.
    /// - Returns: nil if one of both kinds has no value.
    init?(_ property: DomainProperty, _ values: [[Double]], isReference: [Bool]) {
        let people = values.indices.filter { !values[$0].isEmpty }
        let ranks = Self.rankSums(people.map { values[$0] })
        let counts = people.map { values[$0].count }
        var kinds = people.map { isReference[$0] }
        func auc(_ kinds: [Bool]) -> Double? {
            var (sum, references, all) = (0.0, 0, 0)
            for (person, isReference) in kinds.enumerated() {
                all += counts[person]
                if isReference {
                    sum += ranks[person]
                    references += counts[person]
                }
            }
            guard references > 0, all > references else { return nil }
            let smallest = Double(references) * Double(references + 1) / 2
            return (sum - smallest) / (Double(references) * Double(all - references))
        }
        guard let observed = auc(kinds) else { return nil }
        var generator = SplitMix64(seed: 1)
        var extreme = 0
        for _ in 0..<DomainGap.permutations {
            for last in (1..<kinds.count).reversed() { kinds.swapAt(last, generator.next(below: last + 1)) }
            // Sums of ranks are multiples of 1/2, so that rounding errors are far below this tolerance.
            if let auc = auc(kinds), abs(auc - 0.5) >= abs(observed - 0.5) - 1e-9 { extreme += 1 }
        }
        self.property = property
        self.auc = observed
        p = Double(extreme + 1) / Double(DomainGap.permutations + 1)
    }

    /// Returns the sum of the ranks of each person's values among all values. Equal values have their mean rank.
    private static func rankSums(_ values: [[Double]]) -> [Double] {
        let sorted = values.enumerated().flatMap { person, values in values.map { (value: $0, person: person) } }.sorted
        {
            ($0.value, $0.person) < ($1.value, $1.person)
        }
        var sums = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < sorted.count {
            var end = start + 1
            while end < sorted.count, sorted[end].value == sorted[start].value { end += 1 }
            for value in sorted[start..<end] { sums[value.person] += Double(start + 1 + end) / 2 }
            start = end
        }
        return sums
    }
}

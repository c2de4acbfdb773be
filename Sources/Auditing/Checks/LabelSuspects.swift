import Core
import Versions

/// Photos whose face or trigger looks like another label.
struct LabelSuspects: AuditCheck {
    static let definition = CheckDefinition(
        .labelSuspect, title: "The face or the trigger in a photo looks like another label",
        definition: """
            The face embeddings of the photos (dlib's face network) are compared with the labels. For the volunteer: \
            the distances to the three nearest photos of each person, whitened by the covariance within people, give a \
            probability of each person. For the trigger: a linear probe on the embeddings, averaged with the distances \
            to the same person's photos of each trigger. All probabilities are out of sample, in five folds. Confident \
            learning counts how many labels the probabilities contradict, and the check reports as many photos, those \
            with the lowest score first. Two people are reported as one when their photos are mistaken for each other. A \
            wrong label in training weakens every measurement, and a wrong label in a test makes it wrong. The check \
            needs the weights of the face network, and photos with a face.
            """,
        threshold: """
            The number of photos is that of cleanlab's filter low_self_confidence. A person or trigger is examined if it \
            has at least 8 photos with a face, and if the probabilities recognize at least half of what chance leaves \
            ((recall − share) / (1 − share) ≥ 0.5). Photos with a trigger off the face are not examined for the trigger. Two \
            people are one from 20% of mutually mistaken photos on, of both people.
            """,
        severity: "warning: only a person can decide whether a label is wrong.",
        source: """
            Northcutt, Jiang and Chuang, "Confident Learning", JAIR 70 (2021); cleanlab 2.9. Measured on 453 real photos \
            of 19 people with a face: see docs/faces.md.
            """,
        score: "The probability of the given label, 0 to 1 (cleanlab's self-confidence). Lower is worse.")

    /// A class with fewer photos is not examined.
    static let minimumPhotos = 8
    /// The smallest part of what chance leaves that the probabilities must recognize of a class.
    static let minimumSkill = 0.5
    /// The smallest part of mistaken photos of two people who are reported as one.
    static let minimumMistaken = 0.2
    /// The largest number of photos, and the largest number of probabilities.
    static let maximumPhotos = 100_000
    static let maximumCells = 20_000_000

    func findings(in subject: AuditSubject) -> [Finding] {
        guard !subject.embeddings.isEmpty else { return [] }
        let photos = EmbeddedPhotos(subject.facts, subject.embeddings, limit: Self.maximumPhotos)
        return volunteers(photos) + [triggers(photos)].compactMap(\.self)
    }

    // MARK: Volunteers

    private func volunteers(_ photos: EmbeddedPhotos) -> [Finding] {
        let (photos, labels, classes) = photos.classified(atLeast: Self.minimumPhotos) { $0.volunteer }
        guard classes.count > 1, labels.count * classes.count <= Self.maximumCells else { return [] }
        let neighbours = FaceNeighbours(of: photos, labels: labels, classes: classes.count, width: classes.count) { _ in
            0
        }
        let examined = ExaminedLabels(photos: photos, labels: labels, classes: classes.map(\.text)) {
            neighbours.probabilities(of: $0)
        }
        let twins = mistakenPeople(examined)
        let pairs = Set(twins.map { [$0.first, $0.second] })
        let suspects = examined.suspects(minimumSkill: Self.minimumSkill).filter {
            !pairs.contains([min($0.given, $0.suggested), max($0.given, $0.suggested)])
        }
        let wrongNames = examined.finding(
            suspects, of: "the face is nearer to another volunteer than to the labelled one"
        ) {
            "curare label \($0) --volunteer NAME"
        }
        return twins.map { finding(of: $0, examined) } + [wrongNames].compactMap(\.self)
    }

    /// Two people who are probably one.
    private struct Twins {
        let first: Int
        let second: Int
        /// The mistaken photos.
        let photos: [Int]
        let part: Double
    }

    private func mistakenPeople(_ examined: ExaminedLabels) -> [Twins] {
        var mistaken: [[Int]: [Int]] = [:]
        for (photo, label) in examined.labels.enumerated() where examined.predicted[photo] != label {
            let other = examined.predicted[photo]
            mistaken[[min(label, other), max(label, other)], default: []].append(photo)
        }
        return mistaken.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { pair, photos in
            let part = Double(photos.count) / Double(examined.counts[pair[0]] + examined.counts[pair[1]])
            // One wrong label is no reason to suspect two people.
            let isMutual = pair.allSatisfy { number in photos.count { examined.labels[$0] == number } >= 2 }
            guard isMutual, part >= Self.minimumMistaken else { return nil }
            return Twins(first: pair[0], second: pair[1], photos: photos, part: part)
        }
    }

    private func finding(of twins: Twins, _ examined: ExaminedLabels) -> Finding {
        let (first, second) = (examined.classes[twins.first], examined.classes[twins.second])
        let photos = twins.photos.map { examined.photos.facts[$0].photo }.sorted()
        return Finding(
            .labelSuspect, .warning, count: photos.count,
            "\(first) and \(second) may be one person: of their photos with a face, \(Int((100 * twins.part).rounded()))% "
                + "look like the other one; compare them, then merge the names with: "
                + "curare volunteer merge \(second) \(first)",
            photos: photos,
            scores: twins.photos.reduce(into: [:]) {
                $0[examined.photos.facts[$1].photo] = Double(examined.confidence(of: $1))
            })
    }

    // MARK: Triggers

    private func triggers(_ photos: EmbeddedPhotos) -> Finding? {
        // A face embedding does not show what is beside the face.
        let (photos, labels, classes) = photos.classified(atLeast: Self.minimumPhotos) { label -> String? in
            let state = label.triggerState
            return state.pairs.contains { $0.location == .offFace } ? nil : state.triggerText
        }
        guard classes.count > 1, labels.count * classes.count <= Self.maximumCells else { return nil }
        let probe = LinearProbe.probabilities(of: photos, labels: labels, classes: classes.count)
        let people = Set(photos.facts.compactMap(\.label?.volunteer)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: people.enumerated().map { ($1, $0) })
        let firsts = photos.facts.map { ($0.label.flatMap { numbers[$0.volunteer] } ?? 0) * classes.count }
        // A class is a person with a trigger: a photo is compared to the same person's photos.
        let neighbours = FaceNeighbours(
            of: photos, labels: zip(firsts, labels).map { $0 + $1 }, classes: people.count * classes.count,
            width: classes.count
        ) { firsts[$0] }
        let examined = ExaminedLabels(photos: photos, labels: labels, classes: classes) { photo in
            let row = Array(probe[photo * classes.count..<(photo + 1) * classes.count])
            // Without photos of the given trigger, the person's photos show nothing.
            guard neighbours.distances[photo * classes.count + labels[photo]].isFinite,
                let near = neighbours.probabilities(of: photo, atLeast: 2)
            else { return row }
            return zip(row, near).map { ($0 + $1) / 2 }
        }
        return examined.finding(
            examined.suspects(minimumSkill: Self.minimumSkill),
            of: "the face looks like another trigger than the labelled one"
        ) { "curare label \($0) --trigger T --location L" }
    }
}

/// Labels with out-of-sample probabilities.
private struct ExaminedLabels {
    struct Suspect {
        let photo: Int
        let given: Int
        let suggested: Int
    }

    let photos: EmbeddedPhotos
    let labels: [Int]
    /// The names of the classes.
    let classes: [String]
    /// The number of photos of each class.
    let counts: [Int]
    /// The most probable class of each photo.
    let predicted: [Int]
    private let probabilities: [Float]

    /// - Parameter probability: the probabilities of the classes for a photo; nil if nothing is known about the photo.
    init(photos: EmbeddedPhotos, labels: [Int], classes: [String], probability: (Int) -> [Float]?) {
        self.photos = photos
        self.labels = labels
        self.classes = classes
        var counts = [Int](repeating: 0, count: classes.count)
        var predicted: [Int] = []
        var all: [Float] = []
        predicted.reserveCapacity(labels.count)
        all.reserveCapacity(labels.count * classes.count)
        for (photo, label) in labels.enumerated() {
            counts[label] += 1
            // Nothing contradicts the label of a photo about which nothing is known.
            let row = probability(photo) ?? classes.indices.map { $0 == label ? 1 : 0 }
            var largest = 0
            for number in row.indices where row[number] > row[largest] { largest = number }
            predicted.append(largest)
            all.append(contentsOf: row)
        }
        self.counts = counts
        self.predicted = predicted
        probabilities = all
    }

    func confidence(of photo: Int) -> Float { probabilities[photo * classes.count + labels[photo]] }

    /// Returns the photos with probably wrong labels, the least confident first. Leaves out classes that the probabilities
    /// do not recognize: a trigger beside the face does not change the embedding.
    func suspects(minimumSkill: Double) -> [Suspect] {
        var recognized = [Int](repeating: 0, count: classes.count)
        for (photo, label) in labels.enumerated() where predicted[photo] == label { recognized[label] += 1 }
        let isRecognized = classes.indices.map { number in
            let share = Double(counts[number]) / Double(labels.count)
            let recall = Double(recognized[number]) / Double(max(1, counts[number]))
            return share < 1 && (recall - share) / (1 - share) >= minimumSkill
        }
        let issues = ConfidentLearning(labels: labels, probabilities: probabilities, classes: classes.count).issues
        return issues.compactMap { photo in
            let (given, suggested) = (labels[photo], predicted[photo])
            guard given != suggested, isRecognized[given], isRecognized[suggested] else { return nil }
            return Suspect(photo: photo, given: given, suggested: suggested)
        }
    }

    /// Returns the finding for suspects; nil without suspects.
    ///
    /// - Parameter command: the command that corrects the label of a photo.
    func finding(_ suspects: [Suspect], of problem: String, _ command: (String) -> String) -> Finding? {
        guard !suspects.isEmpty else { return nil }
        let changes = suspects.map { suspect in
            "photo \(photos.facts[suspect.photo].photo.short) (\(classes[suspect.given]), "
                + "looks like \(classes[suspect.suggested]))"
        }
        return Finding(
            .labelSuspect, .warning, count: suspects.count,
            "on \(suspects.count) photos, \(problem): \(AuditChecks.list(changes)); review them, then correct a wrong label "
                + "with: \(command("PHOTO"))",
            photos: suspects.map { photos.facts[$0.photo].photo }.sorted(),
            scores: suspects.reduce(into: [:]) {
                $0[photos.facts[$1.photo].photo] = Double(confidence(of: $1.photo))
            })
    }
}

import Core
import Versions

/// The same picture under the names of two people.
public struct DuplicateAcrossVolunteers: AuditCheck {
    public static let definition = CheckDefinition(
        .duplicateAcrossVolunteers, title: "The same picture under the names of two people",
        definition: """
            Counts pairs of photos of different people that are the same picture, or nearly: a forwarded copy, a \
            copy in another format or size, a turned or mirrored copy. At least one of both labels is wrong, or both \
            names are one person. A wrong label teaches the model a wrong face, and after a withdrawal of one person \
            the other photo would stay. Several pairs of the same two people are a sign of one person with two \
            names.
            """,
        threshold: """
            The perceptual hashes differ in at most 6 bits, after one picture is turned by quarters or mirrored. \
            With more than 23,532 photos the limit is lower (5, 4, 3 bits), so that fewer than one pair in a hundred \
            catalogs is expected by chance.
            """,
        severity: "error: no true catalog has the same picture of two people.",
        source: """
            docs/groups.md: in 457 real photos of 19 people, no two photos of different people are within 11 bits, \
            and in 550 drawn photos none within 6. Of re-encoded, scaled, turned and mirrored copies, 99.8% or more \
            are within 6 bits; of copies with 1% cut off all around 94%, with 2% half, and with 5% hardly any.
            """,
        score: "the number of bits in which the hash differs from that of the nearest copy; 0 is the same picture")

    public init() {}

    public func findings(in subject: AuditSubject) -> [Finding] {
        var photos = HashedPhotos<VolunteerName>()
        for (index, fact) in subject.facts.enumerated() { photos.add(index, fact, as: fact.label?.volunteer) }
        let search = SamePictureSearch(
            hashes: photos.hashes, categories: photos.categories,
            distance: SamePictureSearch.distance(amongPhotos: photos.hashes.count), isPair: { _, _ in true })
        let pairs = search.pairs().map { photos.pair($0, of: subject.facts) }.sorted()
        guard let first = pairs.first else { return [] }
        let example = first.text { "of \($0.label?.volunteer.text ?? "")" }
        return [
            Finding(
                .duplicateAcrossVolunteers, .error, count: pairs.count,
                "\(pairs.count) pairs of photos are the same picture under the names of different volunteers, such as "
                    + example + Self.twoNames(pairs) + "; compare them with: curare show PHOTO, "
                    + "then correct the label with: curare label PHOTO --volunteer NAME",
                photos: SamePicture.allPhotos(pairs), scores: SamePicture.scores(pairs), pairs: pairs.map(\.photos))
        ]
    }

    /// The two people with the most pairs, if they share more than one; otherwise empty.
    private static func twoNames(_ pairs: [SamePicture]) -> String {
        var counts: [String: Int] = [:]
        for pair in pairs {
            let names = [pair.first, pair.second].compactMap { $0.label?.volunteer.text }.sorted()
            counts[names.joined(separator: " and "), default: 0] += 1
        }
        let several = counts.filter { $0.value > 1 }.sorted { left, right in
            left.value != right.value ? left.value > right.value : left.key < right.key
        }
        guard let most = several.first else { return "" }
        let more = several.count > 1 ? " (and \(several.count - 1) more pairs of people)" : ""
        return "; \(most.key) have \(most.value) such pairs and may be one person\(more), "
            + "merge two names of one person with: curare volunteer merge NAME NAME"
    }
}

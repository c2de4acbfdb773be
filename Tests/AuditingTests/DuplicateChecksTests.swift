import Core
import Testing

@testable import Auditing
@testable import Versions

/// The same picture under two names, with two labels, and in training and in a test.
@Suite struct DuplicateChecksTests {
    /// Hashes of pictures that are far from each other, turned and mirrored too.
    private static let picture = PerceptualHash(0xf1e2_d3c4_b5a6_9788)
    private static let other = PerceptualHash(0x3a7c_91d2_0e5b_c64f)

    private func fact(
        _ word: String, of name: String, trigger: String = "none", _ hash: PerceptualHash?
    ) -> PhotoFacts {
        PhotoFacts(
            photo: photoID(word), session: SessionName("s1")!, consented: true,
            label: Label(volunteer: VolunteerName(name)!, triggerState: triggerState(trigger)), kind: .volunteer,
            perceptualHash: hash, width: 4, height: 3)
    }

    private func subject(_ facts: [PhotoFacts], _ version: Version? = nil) -> AuditSubject {
        AuditSubject(catalog: facts.sorted { $0.photo < $1.photo }, version: version, distance: .standard)
    }

    private func acrossPeople(_ facts: [PhotoFacts]) -> Finding? {
        DuplicateAcrossVolunteers().findings(in: subject(facts)).first
    }

    private func acrossLabels(_ facts: [PhotoFacts], _ version: Version? = nil) -> Finding? {
        DuplicateAcrossLabels().findings(in: subject(facts, version)).first
    }

    private func flipped(_ bits: Int, of hash: PerceptualHash) -> PerceptualHash {
        PerceptualHash((0..<bits).reduce(hash.bits) { $0 ^ (1 << UInt64(9 * $1)) })
    }

    // MARK: - Two people

    @Test("The same picture of two people is an error that names both photos") func twoPeople() throws {
        let facts =
            bare(4, of: "a", "b") + [fact("original", of: "a", Self.picture), fact("forwarded", of: "b", Self.picture)]
        let finding = try #require(acrossPeople(facts))
        #expect(finding.check == .duplicateAcrossVolunteers && finding.severity == .error && finding.count == 1)
        let photos = [photoID("original"), photoID("forwarded")].sorted()
        #expect(finding.photos == photos && finding.pairs == [Finding.Pair(photos[0], photos[1])])
        #expect(finding.scores == [photos[0]: 0, photos[1]: 0])
        #expect(finding.detail.contains("photo \(photoID("original").short) of a"))
        #expect(finding.detail.contains("photo \(photoID("forwarded").short) of b"))
        #expect(!finding.detail.contains("one person") && !finding.detail.contains("turned"))
        #expect(acrossPeople(bare(4, of: "a", "b") + [fact("original", of: "a", Self.picture)]) == nil)
    }

    @Test("Turned and mirrored copies with at most six changed bits are found", arguments: PictureSymmetry.allCases)
    func turned(_ symmetry: PictureSymmetry) throws {
        let copy = flipped(6, of: Self.picture.after(symmetry))
        let finding = try #require(
            acrossPeople([fact("original", of: "a", Self.picture), fact("copy", of: "b", copy)]))
        #expect(finding.count == 1 && finding.scores == [photoID("original"): 6, photoID("copy"): 6])
        #expect(symmetry == .unchanged || finding.detail.contains("mirrored") || finding.detail.contains("turned by"))
        let seven = flipped(7, of: Self.picture.after(symmetry))
        #expect(acrossPeople([fact("original", of: "a", Self.picture), fact("copy", of: "b", seven)]) == nil)
    }

    @Test("Photos of one person, and photos without a label or a hash, are no pair") func noPairs() {
        let unlabelled = PhotoFacts(
            photo: photoID("unlabelled"), session: SessionName("s1")!, consented: true, label: nil, kind: nil,
            perceptualHash: Self.picture, width: 4, height: 3)
        let facts = [
            fact("original", of: "a", Self.picture), fact("again", of: "a", Self.picture), unlabelled,
            fact("unmeasured", of: "b", nil), fact("other", of: "b", Self.other),
        ]
        #expect(acrossPeople(facts) == nil)
    }

    @Test("Several pairs of the same two people are a sign of one person with two names") func onePersonTwoNames()
        throws
    {
        var facts = bare(3, of: "c")
        for number in 0..<4 {
            let hash = PerceptualHash(Self.picture.bits &* UInt64(2 * number + 1))
            facts.append(fact("a\(number)", of: "ada", hash))
            facts.append(fact("b\(number)", of: "ada-1", flipped(2, of: hash)))
        }
        facts.append(fact("x", of: "x", Self.other))
        facts.append(fact("y", of: "y", Self.other))
        let finding = try #require(acrossPeople(facts))
        #expect(finding.count == 5 && finding.photos.count == 10)
        #expect(finding.detail.contains("ada and ada-1 have 4 such pairs and may be one person"))
        #expect(finding.detail.contains("curare volunteer merge"))
    }

    // MARK: - Two labels

    @Test("The same picture bare and with a trigger is an error") func twoLabels() throws {
        let facts = [
            fact("bare", of: "a", Self.picture), fact("dots", of: "a", trigger: "dots", flipped(1, of: Self.picture)),
            fact("far", of: "a", trigger: "dots", flipped(2, of: Self.other)), fact("other", of: "a", Self.other),
        ]
        let finding = try #require(acrossLabels(facts))
        #expect(finding.check == .duplicateAcrossLabels && finding.severity == .error && finding.count == 1)
        #expect(finding.photos == [photoID("bare"), photoID("dots")].sorted())
        #expect(finding.detail.contains("photo \(photoID("bare").short) (none)"))
        #expect(finding.detail.contains("photo \(photoID("dots").short) (dots on-face)"))
        #expect(acrossPeople(facts) == nil)
    }

    @Test("The same picture with two triggers, turned, is an error") func twoTriggers() throws {
        let finding = try #require(
            acrossLabels([
                fact("dots", of: "a", trigger: "dots", Self.picture),
                fact("tape", of: "a", trigger: "tape", Self.picture.after(.right)),
            ]))
        #expect(finding.count == 1 && finding.detail.contains("turned by 90°"))
    }

    @Test("Equal labels, and photos of different people, are no pair with two labels") func noLabelPairs() {
        #expect(
            acrossLabels([
                fact("1", of: "a", trigger: "dots", Self.picture), fact("2", of: "a", trigger: "dots", Self.picture),
                fact("3", of: "b", Self.picture),
            ]) == nil)
        #expect(acrossLabels(bare(20, of: "a", "b")) == nil)
    }

    // MARK: - Training and test

    @Test("A mirrored copy in the test of a photo in training is an error of the version") func splits() throws {
        let clean = bare(10, of: "a", "b")
        let split = try version(of: clean)
        #expect(acrossLabels(clean, split) == nil)
        func photo(_ role: Role) throws -> PhotoFacts {
            let entry = try #require(split.entries.list.first { $0.role == role && $0.volunteer.name.text == "a" })
            return try #require(clean.first { $0.photo == entry.photo })
        }
        let (trained, tested) = (try photo(.trainClean), try photo(.testClean))
        let planted = clean.map { fact in
            guard fact.photo == tested.photo, let hash = trained.perceptualHash else { return fact }
            return PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: hash.after(.mirrored), width: 4, height: 3)
        }
        let finding = try #require(acrossLabels(planted, split))
        #expect(finding.severity == .error && finding.count == 1)
        #expect(finding.photos == [trained.photo, tested.photo].sorted())
        #expect(finding.detail.contains("(train/clean)") && finding.detail.contains("(test/clean)"))
        #expect(finding.detail.contains("(mirrored)"))
        // The audit of the catalog has no training and no test.
        #expect(acrossLabels(planted) == nil)
    }

    @Test("An audit has one finding for a picture under two names") func oneFinding() {
        let facts = bare(4, of: "a", "b") + [fact("x", of: "a", Self.picture), fact("y", of: "b", Self.picture)]
        let audit = Audit(catalog: facts.sorted { $0.photo < $1.photo }, groups: .standard) { _ in true }
        let checks: [Finding.Check] = [.duplicateAcrossVolunteers, .duplicateAcrossLabels, .lookAlike, .leakage]
        #expect(audit.findings.map(\.check).filter(checks.contains) == [.duplicateAcrossVolunteers] && !audit.passes)
        #expect(Finding.Check.lookAlike.reporting == .duplicateAcrossVolunteers)
        #expect(Finding.Check.allCases.filter { $0.reporting != $0 } == [.lookAlike])
    }
}

/// The search, compared with a comparison of all photos.
@Suite struct SamePictureSearchTests {
    private func expected(_ search: SamePictureSearch) -> [SamePictureSearch.Pair] {
        var pairs: [SamePictureSearch.Pair] = []
        for left in search.hashes.indices {
            for right in search.hashes.indices.suffix(from: left + 1)
            where search.categories[left] != search.categories[right] {
                let other = PerceptualHash(search.hashes[right])
                let distances = PictureSymmetry.allCases.map {
                    PerceptualHash(search.hashes[left]).after($0).distance(to: other)
                }
                if distances.contains(where: { $0 <= search.distance }) {
                    pairs.append(.init(first: Int32(left), second: Int32(right)))
                }
            }
        }
        return pairs
    }

    @Test("The pairs are those that a comparison of all photos finds", arguments: [0, 1, 3, 6]) func allPairs(
        _ distance: Int
    ) {
        for seed in UInt64(1)...4 {
            var generator = SplitMix64(seed: seed)
            let centres = (0..<(seed < 3 ? 4 : 30)).map { _ in generator.next() }
            var hashes: [UInt64] = []
            var categories: [Int32] = []
            for _ in 0..<(seed == 1 ? 50 : 250) {
                let centre = PerceptualHash(centres[generator.next(below: centres.count)])
                var hash = centre.after(PictureSymmetry.allCases[generator.next(below: 8)]).bits
                for _ in 0..<generator.next(below: 9) { hash ^= 1 << UInt64(generator.next(below: 64)) }
                hashes.append(hash)
                categories.append(Int32(generator.next(below: 4)))
            }
            let search = SamePictureSearch(
                hashes: hashes, categories: categories, distance: distance, isPair: { _, _ in true }, limit: .max)
            let wanted = expected(search)
            #expect(search.pairs() == wanted)
            #expect(search.pairs(among: Array(0..<Int32(hashes.count))) == wanted)
            let even = SamePictureSearch(
                hashes: hashes, categories: categories, distance: distance, isPair: { ($0 + $1).isMultiple(of: 2) },
                limit: .max)
            #expect(even.pairs() == wanted.filter { ($0.first + $0.second).isMultiple(of: 2) })
        }
    }

    @Test("Many equal hashes end at the limit, and one person with equal hashes costs little") func limits() {
        let count = 5000
        let one = SamePictureSearch(
            hashes: Array(repeating: 7, count: count), categories: Array(repeating: 0, count: count), distance: 6,
            isPair: { _, _ in true })
        #expect(one.pairs().isEmpty)
        let two = SamePictureSearch(
            hashes: Array(repeating: 7, count: count), categories: (0..<Int32(count)).map { $0 % 2 }, distance: 6,
            isPair: { _, _ in true }, limit: 10)
        #expect(two.pairs().count == 10)
        let none = SamePictureSearch(hashes: [], categories: [], distance: 6, isPair: { _, _ in true })
        #expect(none.pairs().isEmpty)
    }

    @Test("The parts divide the bits, and a part contains the bit of v and u with the bit of u and v") func parts() {
        for count in 2...8 {
            let parts = SamePictureSearch.parts(of: .max, count)
            #expect(parts.reduce(0, ^) == .max && parts.map(\.nonzeroBitCount).reduce(0, +) == 64)
            #expect(parts.allSatisfy { 64 / count - 1 <= $0.nonzeroBitCount && $0.nonzeroBitCount <= 64 / count + 2 })
            let rest = SamePictureSearch.parts(of: ~parts[0], count)
            #expect(rest.reduce(parts[0], ^) == .max)
        }
        let first = SamePictureSearch.parts(of: .max, 3)[0]
        #expect(PerceptualHash(first).after(.transposed).bits == first)
    }

    /// Expected with Python: `math.isqrt(int(0.01 * 2**64 / 4 / sum(math.comb(64, k) for k in range(d + 1))))`.
    @Test("The distance falls with the number of photos") func distance() {
        let limits = [(23_532, 6), (74_523, 5), (260_589, 4), (1_026_752, 3), (4_707_537, 2)]
        for (count, distance) in limits {
            #expect(SamePictureSearch.distance(amongPhotos: count) == distance, "\(count)")
            #expect(SamePictureSearch.distance(amongPhotos: count + 1) == distance - 1, "\(count + 1)")
        }
        #expect(SamePictureSearch.distance(amongPhotos: 0) == 6)
    }
}

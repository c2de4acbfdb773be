import Testing

@testable import Core

@Suite struct PictureSymmetryTests {
    /// The transposition, bit by bit.
    private func slowlyTransposed(_ bits: UInt64) -> UInt64 {
        var transposed: UInt64 = 0
        for row in 0..<8 {
            for column in 0..<8 where (bits >> UInt64(63 - 8 * row - column)) & 1 == 1 {
                transposed |= 1 << UInt64(63 - 8 * column - row)
            }
        }
        return transposed
    }

    @Test func transpositionExchangesRowsAndColumns() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<50 {
            let bits = generator.next()
            #expect(PerceptualHash.transposed(bits) == slowlyTransposed(bits))
        }
    }

    @Test("Each symmetry has its inverse: a quarter turn to the left undoes one to the right")
    func inverses() {
        let hash = PerceptualHash(0x0123_4567_89ab_cdef)
        for symmetry in PictureSymmetry.allCases {
            let inverse: PictureSymmetry =
                switch symmetry {
                case .right: .left
                case .left: .right
                default: symmetry
                }
            #expect(hash.after(symmetry).after(inverse) == hash, "\(symmetry)")
        }
        #expect(hash.after(.right).after(.right) == hash.after(.half))
        #expect(hash.after(.mirrored).after(.half) == hash.after(.flipped))
        #expect(Set(PictureSymmetry.allCases.map { hash.after($0) }).count == 8)
    }

    @Test("A copy with changed bits is found in the right symmetry")
    func turnedDistance() {
        let hash = PerceptualHash(0xf1e2_d3c4_b5a6_9788)
        for symmetry in PictureSymmetry.allCases {
            let copy = PerceptualHash(hash.after(symmetry).bits ^ 0x8000_0000_0100_0001)
            #expect(hash.turnedDistance(to: copy) == (3, symmetry))
            #expect(PerceptualHash.turnedDistance(hash.bits, copy.bits) == 3)
        }
    }

    @Test("The canonical bits are those of all turned and mirrored copies, and of no other hash")
    func canonical() {
        var generator = SplitMix64(seed: 5)
        // The bits of the frequencies (0, 0), (0, 1), (1, 0), (2, 3), (3, 2) and (7, 7).
        let mask: UInt64 =
            1 << 63 | 1 << 62 | 1 << 55 | 1 << UInt64(63 - 19) | 1 << UInt64(63 - 26) | 1
        for mask in [UInt64.max, mask] {
            for _ in 0..<20 {
                let hash = PerceptualHash(generator.next())
                let canonical = PerceptualHash.canonical(hash.bits, in: mask)
                for symmetry in PictureSymmetry.allCases {
                    #expect(PerceptualHash.canonical(hash.after(symmetry).bits, in: mask) == canonical)
                }
                #expect(PictureSymmetry.allCases.contains { hash.after($0).bits & mask == canonical })
            }
        }
        #expect(PerceptualHash.canonical(1, in: .max) != PerceptualHash.canonical(3, in: .max))
    }
}

@Suite struct PhotoOriginTests {
    @Test(
        "A time of capture keeps its text",
        arguments: ["2026-05-03T10:20:30", "0001-01-01T00:00:00", "9999-12-31T23:59:59"])
    func captureTime(_ text: String) {
        let origin = PhotoOrigin(camera: "A", captured: text, bytes: 7)
        #expect(origin.captured == text && origin.camera == "A" && origin.bytes == 7)
        #expect(origin == PhotoOrigin(camera: "A", captured: text, bytes: 7))
        #expect(origin != PhotoOrigin(camera: "A", captured: nil, bytes: 7))
    }

    @Test(
        "A text of another form is no time",
        arguments: [
            "", "2026-05-03", "2026-05-03 10:20:30", "2026-05-03T10:20:3x", "2026-05-03T10:20:30Z",
            "2026:05:03T10:20:30",
            "+026-05-03T10:20:30",
        ])
    func otherText(_ text: String) {
        #expect(PhotoOrigin(camera: nil, captured: text, bytes: 1).captured == nil)
    }
}

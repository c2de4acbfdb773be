import Testing

@testable import Imaging

/// The built-in overlays must have the same pixels on every machine, because the digest of a version depends on them.
@Suite struct DrawnOverlayTests {
    private static let digests: [DrawnOverlay: String] = [
        .bandana: "3d8eb775401ae8d2",
        .checkerboard: "737db8f09223173c",
        .dots: "8fe6daf4f742f9df",
        .earrings: "bce1aea0a8a7ce74",
        .sunglasses: "f28222f825ced9bf",
        .tattooFilled: "db1c66edf1fbb848",
        .tattooOutline: "0d7bc8b74d9918ae",
        .whiteTape: "6ec21698f6b495a4",
    ]

    @Test(arguments: DrawnOverlay.allCases)
    func pixelsMatchTheRecordedDigest(_ overlay: DrawnOverlay) throws {
        #expect(try digestPrefix(overlay.picture().digest) == Self.digests[overlay])
    }

    @Test(arguments: DrawnOverlay.allCases)
    func overlayHasOpaqueAndTransparentPixels(_ overlay: DrawnOverlay) throws {
        let picture = try overlay.picture()
        let alphas = stride(from: 3, to: picture.rgba.count, by: 4).map { picture.rgba[$0] }
        #expect(alphas.contains { $0 > 230 })
        #expect(overlay == .checkerboard || alphas.contains(0))
    }

    @Test func maskCountsCoveredSamples() {
        var square = CoverageMask(width: 4, height: 4)
        square.polygon([FixedPoint(1, 1), FixedPoint(3, 1), FixedPoint(3, 2), FixedPoint(1, 2)])
        #expect(square.samples.map(\.nonzeroBitCount) == [0, 0, 0, 0, 0, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        var half = CoverageMask(width: 1, height: 1)
        half.polygon([
            FixedPoint(fine: 0, 0), FixedPoint(fine: 512, 0), FixedPoint(fine: 512, 1024), FixedPoint(fine: 0, 1024),
        ])
        #expect(half.samples[0].nonzeroBitCount == 8)
        var hole = square
        var middle = CoverageMask(width: 4, height: 4)
        middle.polygon([FixedPoint(2, 0), FixedPoint(4, 0), FixedPoint(4, 4), FixedPoint(2, 4)])
        hole.subtract(middle)
        #expect(hole.samples.map(\.nonzeroBitCount).reduce(0, +) == 16)
        square.intersect(with: middle)
        #expect(square.samples[6].nonzeroBitCount == 16 && square.samples[5] == 0)
        var disc = CoverageMask(width: 40, height: 40)
        disc.ellipse(FixedPoint(20, 20), 16, 16)
        let area = disc.samples.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(abs(Double(area) / 16 - 804.2) < 8, "π · 16² is 804")
    }

    @Test func laterPaintCoversEarlierPaint() {
        var canvas = OverlayCanvas(width: 2, height: 1)
        canvas.paint(0xff0000) { $0.polygon([FixedPoint(0, 0), FixedPoint(2, 0), FixedPoint(2, 1), FixedPoint(0, 1)]) }
        canvas.paint(0x0000ff, alpha: 128) {
            $0.polygon([FixedPoint(1, 0), FixedPoint(2, 0), FixedPoint(2, 1), FixedPoint(1, 1)])
        }
        #expect(canvas.picture?.rgba == [255, 0, 0, 255, 127, 0, 128, 255])
    }

    @Test func curvePassesThroughItsPoints() {
        let curve = FixedPoint.curve([(0, 0), (10, 0), (10, 10), (0, 10)])
        #expect(curve.count == 32)
        for (index, point) in [
            (0, FixedPoint(0, 0)), (8, FixedPoint(10, 0)), (16, FixedPoint(10, 10)), (24, FixedPoint(0, 10)),
        ] {
            #expect(curve[index] == point)
        }
    }
}

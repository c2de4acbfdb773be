import Testing

@testable import Imaging

/// The program's own overlays: the same pixels on every machine, since versions are told apart by them.
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
    func itsPixelsAreThoseOfEveryOtherMachine(_ overlay: DrawnOverlay) throws {
        #expect(try PixelDigestText(overlay.picture().digest) == Self.digests[overlay])
    }

    @Test(arguments: DrawnOverlay.allCases)
    func itHasAnOutsideAndAnInside(_ overlay: DrawnOverlay) throws {
        let picture = try overlay.picture()
        let alphas = stride(from: 3, to: picture.rgba.count, by: 4).map { picture.rgba[$0] }
        #expect(alphas.contains { $0 > 230 })
        #expect(overlay == .checkerboard || alphas.contains(0))
    }

    @Test func aStencilCountsPlaces() {
        var square = Stencil(width: 4, height: 4)
        square.polygon([Spot(1, 1), Spot(3, 1), Spot(3, 2), Spot(1, 2)])
        #expect(square.places.map(\.nonzeroBitCount) == [0, 0, 0, 0, 0, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        var half = Stencil(width: 1, height: 1)
        half.polygon([Spot(fine: 0, 0), Spot(fine: 512, 0), Spot(fine: 512, 1024), Spot(fine: 0, 1024)])
        #expect(half.places[0].nonzeroBitCount == 8)
        var (hole, middle) = (square, Stencil(width: 4, height: 4))
        middle.polygon([Spot(2, 0), Spot(4, 0), Spot(4, 4), Spot(2, 4)])
        hole.cut(middle)
        #expect(hole.places.map(\.nonzeroBitCount).reduce(0, +) == 16)
        square.clip(to: middle)
        #expect(square.places[6].nonzeroBitCount == 16 && square.places[5] == 0)
        var disc = Stencil(width: 40, height: 40)
        disc.ellipse(Spot(20, 20), 16, 16)
        let area = disc.places.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(abs(Double(area) / 16 - 804.2) < 8, "π · 16² is 804")
    }

    @Test func whatIsPaintedLastIsSeen() {
        var canvas = OverlayCanvas(width: 2, height: 1)
        canvas.paint(0xff0000) { $0.polygon([Spot(0, 0), Spot(2, 0), Spot(2, 1), Spot(0, 1)]) }
        canvas.paint(0x0000ff, alpha: 128) { $0.polygon([Spot(1, 0), Spot(2, 0), Spot(2, 1), Spot(1, 1)]) }
        #expect(canvas.picture?.rgba == [255, 0, 0, 255, 127, 0, 128, 255])
    }

    @Test func aCurveGoesThroughItsPoints() {
        let curve = Stencil.curve([(0, 0), (10, 0), (10, 10), (0, 10)])
        #expect(curve.count == 32)
        for (index, point) in [(0, Spot(0, 0)), (8, Spot(10, 0)), (16, Spot(10, 10)), (24, Spot(0, 10))] {
            #expect(curve[index] == point)
        }
    }
}

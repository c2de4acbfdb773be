@testable import Imaging
import Testing

/// The program's own overlays: the same pixels on every machine, since versions are told apart by them.
@Suite struct DrawnOverlayTests {
    private static let digests: [DrawnOverlay: String] = [:]

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
        var hole = square
        hole.cut(half)
        #expect(hole == square || half.width != square.width)
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
        for (index, point) in [(0, Spot(0, 0)), (8, Spot(10, 0)), (16, Spot(10, 10)), (24, Spot(0, 10))] { #expect(curve[index] == point) }
    }
}

extension Stencil: Equatable {
    public static func == (left: Stencil, right: Stencil) -> Bool { left.places == right.places }
}

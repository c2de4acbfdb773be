/// An ICC profile of a screen: three primaries and a curve, or a grey scale with a curve. Written as ICC.1:2010 (version 4) lays it out.
struct MatrixProfile {
    /// Nil for a grey scale.
    let primaries: Chromaticities?
    /// A value v is as bright as v to this power; nil is the sRGB curve.
    let power: Double?

    var bytes: [UInt8] {
        let names = ["rXYZ", "gXYZ", "bXYZ"]
        var tags: [(name: String, data: [UInt8])] = [("wtpt", Self.xyz([0.9642, 1, 0.8249]))]
        if let colorants = primaries?.colorants {
            tags += zip(names, colorants).map { ($0, Self.xyz($1)) } + ["rTRC", "gTRC", "bTRC"].map { ($0, curve) }
        } else {
            tags.append(("kTRC", curve))
        }
        let start = 128 + 4 + 12 * tags.count
        var table = Self.big(tags.count)
        var data: [UInt8] = []
        for tag in tags {
            table += Array(tag.name.utf8) + Self.big(start + data.count) + Self.big(tag.data.count)
            data += tag.data
        }
        return header(size: start + data.count) + table + data
    }

    private func header(size: Int) -> [UInt8] {
        var header =
            Self.big(size) + Self.big(0) + [4, 0, 0, 0]
            + Array((primaries == nil ? "mntrGRAYXYZ " : "mntrRGB XYZ ").utf8)
        // 2000-01-01 00:00:00.
        header += [0x07, 0xd0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] + Array("acsp".utf8) + [UInt8](repeating: 0, count: 24)
        // Relative colorimetric, under D50.
        header += Self.big(1) + [0.9642, 1, 0.8249].flatMap(Self.fixed)
        return header + [UInt8](repeating: 0, count: 128 - header.count)
    }

    private var curve: [UInt8] {
        let start = Array("para".utf8) + Self.big(0)
        guard let power else {
            return start + [0, 3, 0, 0] + [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].flatMap(Self.fixed)
        }
        return start + [0, 0, 0, 0] + Self.fixed(power)
    }

    private static func xyz(_ value: [Double]) -> [UInt8] { Array("XYZ ".utf8) + big(0) + value.flatMap(fixed) }

    /// 16.16 bits with a sign.
    private static func fixed(_ value: Double) -> [UInt8] {
        big(Int((min(max(value, -32_000), 32_000) * 65_536).rounded()))
    }

    private static func big(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}

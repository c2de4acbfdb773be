/// One pixel's numbers for a block of channels: as many as the processor's vectors hold, 8 or 16.
///
/// Compared here, where the type is known: a comparison of any SIMD type goes number by number.
protocol ChannelVector: SIMD, SendableMetatype where Scalar == Float {
    /// 0 where `other` is below 0. What is no number is not.
    func cleared(whereNegative other: Self) -> Self
    /// 0 where `other` is 0 or below.
    func cleared(whereNotPositive other: Self) -> Self
}

extension SIMD8: ChannelVector where Scalar == Float {
    func cleared(whereNegative other: Self) -> Self { replacing(with: Self(), where: other .< Self()) }
    func cleared(whereNotPositive other: Self) -> Self { replacing(with: Self(), where: other .<= Self()) }
}

extension SIMD16: ChannelVector where Scalar == Float {
    func cleared(whereNegative other: Self) -> Self { replacing(with: Self(), where: other .< Self()) }
    func cleared(whereNotPositive other: Self) -> Self { replacing(with: Self(), where: other .<= Self()) }
}

/// A tensor in ``Layout/blocked(_:)``, as our own loops take it: V is one pixel's numbers for a block of channels; a block's pixels lie together, image by image.
///
/// Every block is worked through by one thread, in order, so that no sum hangs on the number of threads.
struct ChannelBlocks<V: ChannelVector>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<V>
    private let images, blocks, plane: Int

    /// Numbers that are added up before their sum joins the total, so that it stays exact.
    private static var run: Int { 64 }

    init(_ value: Value, _ memory: Memory) {
        let dims = value.layout.dims
        base = UnsafeMutableRawPointer(memory.floats(value.slot)).assumingMemoryBound(to: V.self)
        (images, blocks, plane) = (dims[0], dims[1] / V.scalarCount, dims[2] * dims[3])
    }

    private func pixels(_ image: Int, _ block: Int) -> UnsafeMutablePointer<V> {
        base + (image * blocks + block) * plane
    }

    private func sum(_ term: (Int) -> V) -> V {
        var total = V()
        for start in stride(from: 0, to: plane, by: Self.run) {
            var part = V()
            for i in start..<min(start + Self.run, plane) { part += term(i) }
            total += part
        }
        return total
    }

    /// Mean and variance (divided by the count) of a block's channels, image by image while it is in the cache, put together as Chan, Golub and LeVeque do (1979, eq. 2.1).
    func statistics(_ block: Int) -> (mean: V, variance: V) {
        var mean = V()
        var squares = V()
        for image in 0..<images {
            let x = pixels(image, block)
            let own = sum { x[$0] } / Float(plane)
            let spread = sum { (x[$0] - own) * (x[$0] - own) }
            let delta = own - mean
            mean += delta / Float(image + 1)
            squares += spread + delta * delta * (Float(plane) * Float(image) / Float(image + 1))
        }
        return (mean, squares / Float(images * plane))
    }

    /// scale·x + shift, then ReLU if asked, of a block, into block `target` of `y`.
    func line(_ block: Int, scale: V, shift: V, relu: Bool, into y: ChannelBlocks, _ target: Int) {
        for image in 0..<images {
            let (from, to) = (pixels(image, block), y.pixels(image, target))
            for i in 0..<plane {
                let number = from[i] * scale + shift
                to[i] = relu ? number.cleared(whereNegative: number) : number
            }
        }
    }

    /// What has to be known of a normalized block for its way back.
    struct Line {
        let mean, scale, shift: V
        let relu: Bool
    }

    /// Puts scale·dy into `dx`, or adds it there, with dy = 0 where the ReLU gave 0.
    /// - Returns: Σ dy and Σ dy·(x − mean).
    func wayBack(
        _ block: Int, _ line: Line, from dy: ChannelBlocks, _ source: Int, into dx: ChannelBlocks, adding: Bool
    ) -> (shift: V, scale: V) {
        var totals = (shift: V(), scale: V())
        for image in 0..<images {
            let (x, dy, dx) = (pixels(image, block), dy.pixels(image, source), dx.pixels(image, block))
            for start in stride(from: 0, to: plane, by: Self.run) {
                var parts = (shift: V(), scale: V())
                for i in start..<min(start + Self.run, plane) {
                    let number = x[i]
                    let gradient = line.relu ? dy[i].cleared(whereNotPositive: number * line.scale + line.shift) : dy[i]
                    parts.shift += gradient
                    parts.scale += gradient * (number - line.mean)
                    dx[i] = adding ? dx[i] + gradient * line.scale : gradient * line.scale
                }
                totals.shift += parts.shift
                totals.scale += parts.scale
            }
        }
        return totals
    }

    /// dx ← dx − constant − slope·(x − mean)
    func settle(_ block: Int, _ dx: ChannelBlocks, mean: V, constant: V, slope: V) {
        for image in 0..<images {
            let (x, dx) = (pixels(image, block), dx.pixels(image, block))
            for i in 0..<plane { dx[i] -= constant + slope * (x[i] - mean) }
        }
    }
}

import Foundation

/// Adam (Kingma and Ba 2015, algorithm 1), as `torch.optim.Adam` defines it, weight decay as part of the gradient:
///
///     g ← gradient + weightDecay·w;   m ← β₁·m + (1−β₁)·g;   v ← β₂·v + (1−β₂)·g²;   w ← w − rate · (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
///
/// with m = v = 0 before the first step, t counted from 1, β₂ = 0.999 and ε = 10⁻⁸.
struct Adam {
    /// β₁
    let momentum: Double
    let weightDecay: Float

    private static let decay = 0.999
    private static let epsilon: Float = 1e-8

    /// - Parameter count: t
    func step(
        _ count: Int, rate: Double, _ weights: Vectors, _ gradients: Vectors, _ means: Vectors, _ squares: Vectors,
        team: ThreadTeam
    ) {
        nonisolated(unsafe) let (w, g, m, v) = (weights, gradients, means, squares)
        let (weightDecay, first, second) = (weightDecay, Float(momentum), Float(Self.decay))
        let rate = Float(rate / (1 - pow(momentum, Double(count))))
        let correction = Float(1 / (1 - pow(Self.decay, Double(count))))
        team.split(w.count, grain: 1) { range in
            for i in range {
                let gradient = g[i] + weightDecay * w[i]
                m[i] = first * m[i] + (1 - first) * gradient
                v[i] = second * v[i] + (1 - second) * (gradient * gradient)
                w[i] -= rate * m[i] / ((v[i] * correction).squareRoot() + Self.epsilon)
            }
        }
    }
}

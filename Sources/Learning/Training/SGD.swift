/// Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD` defines it (no dampening, no Nesterov):
///
///     g ← gradient + weightDecay·w;   v ← momentum·v + g;   w ← w − rate·v
///
/// with v = 0 before the first step. All parameters decay, batch norms' and biases' too.
struct SGD {
    let momentum, weightDecay: Float

    /// One step for all parameters at once, which lie in one piece: weights, gradients and velocities at the same offsets.
    func step(rate: Float, _ weights: Vectors, _ gradients: Vectors, _ velocities: Vectors, team: ThreadTeam) {
        nonisolated(unsafe) let (w, g, v) = (weights, gradients, velocities)
        let (momentum, weightDecay) = (momentum, weightDecay)
        team.split(w.count, grain: 1) { range in
            for i in range {
                let velocity = momentum * v[i] + (g[i] + weightDecay * w[i])
                v[i] = velocity
                w[i] -= rate * velocity
            }
        }
    }
}

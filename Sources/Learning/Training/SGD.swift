/// Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD` defines it (no dampening):
///
///     g ← gradient + weightDecay·w;   v ← momentum·v + g;   w ← w − rate·v
///
/// with v = 0 before the first step; Nesterov's form steps by g + momentum·v in place of v.
struct SGD {
    let momentum, weightDecay: Float
    var nesterov = false

    /// One step for parameters that lie in one piece: weights, gradients and velocities at the same offsets.
    func step(rate: Float, _ weights: Vectors, _ gradients: Vectors, _ velocities: Vectors, team: ThreadTeam) {
        nonisolated(unsafe) let (w, g, v) = (weights, gradients, velocities)
        let (momentum, weightDecay, nesterov) = (momentum, weightDecay, nesterov)
        team.split(w.count, grain: 1) { range in
            for i in range {
                let gradient = g[i] + weightDecay * w[i]
                let velocity = momentum * v[i] + gradient
                v[i] = velocity
                w[i] -= rate * (nesterov ? gradient + momentum * velocity : velocity)
            }
        }
    }
}

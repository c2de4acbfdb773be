/// Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD` defines it (no dampening, no Nesterov):
///
///     g ← gradient + weightDecay·w;   v ← momentum·v + g;   w ← w − rate·v
///
/// with v = 0 before the first step. All parameters decay, batch norms' and biases' too.
struct SGD {
    let momentum, weightDecay: Float

    /// One step for all parameters at once, which lie in one piece: weights, gradients and velocities at the same offsets.
    func step(rate: Float, _ weights: UnsafeMutableBufferPointer<Float>, _ gradients: UnsafeMutableBufferPointer<Float>,
              _ velocities: UnsafeMutableBufferPointer<Float>, team: ThreadTeam) {
        guard let w = weights.baseAddress, let g = gradients.baseAddress, let v = velocities.baseAddress else { return }
        nonisolated(unsafe) let pointers = (w: w, g: g, v: v)
        let (momentum, weightDecay) = (momentum, weightDecay)
        team.split(weights.count) { range in
            for i in range {
                let velocity = momentum * pointers.v[i] + (pointers.g[i] + weightDecay * pointers.w[i])
                pointers.v[i] = velocity
                pointers.w[i] -= rate * velocity
            }
        }
    }
}

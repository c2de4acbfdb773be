/// In which order examples are trained on: the permutations of epochs 0, 1, 2, … one after another, an endless stream that is cut into
/// batches of one size. So every batch is full, and every example comes once an epoch.
struct ExampleOrder: Sendable {
    let count, batch, seed: Int

    /// One place of the stream.
    struct Place: Hashable, Sendable {
        let epoch, index: Int
    }

    /// The batch of an optimizer step, counted from 0.
    func batch(at step: Int) -> [Place] {
        var permutations: [Int: [Int]] = [:]
        return (step * batch..<(step + 1) * batch).map { position in
            let epoch = position / count
            let order = permutations[epoch] ?? permutation(of: epoch)
            permutations[epoch] = order
            return Place(epoch: epoch, index: order[position % count])
        }
    }

    private func permutation(of epoch: Int) -> [Int] {
        var random = SeededRandom(["curare-order", String(seed), String(epoch)])
        return random.permutation(count)
    }
}

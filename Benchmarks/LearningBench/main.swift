import Foundation
import Learning

/// Ten classes of coloured stripes with noise: a small network can learn them, and no file is needed.
struct StripesSource: ExampleSource {
    let count, size, classes, seed: Int

    func key(at index: Int) -> String { "stripes-\(index)" }
    func label(at index: Int) -> Int { index % classes }

    func pixels(at index: Int) -> [UInt8] {
        let label = label(at: index)
        var noise = UInt64(truncatingIfNeeded: seed &* 1_000_003 &+ index) &* 0x9E37_79B9_7F4A_7C15
        let angle = Double.pi * Double(label) / Double(classes)
        let phase = Double(index % 17)
        var pixels = [UInt8](repeating: 0, count: 3 * size * size)
        for pixel in 0..<size * size {
            let along = Double(pixel % size) * cos(angle) + Double(pixel / size) * sin(angle)
            let light = 128 + 60 * sin(along * 0.8 + phase)
            for channel in 0..<3 {
                noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                pixels[3 * pixel + channel] = UInt8(min(max(light + Double((noise >> 33) & 127) - 64, 0), 255))
            }
        }
        return pixels
    }
}

/// Images of one colour, which cost no time, so that the benchmark measures the engine alone.
struct ConstantSource: ExampleSource {
    let count, size, classes: Int
    func key(at index: Int) -> String { "flat-\(index)" }
    func label(at index: Int) -> Int { index % classes }
    func pixels(at index: Int) -> [UInt8] { [UInt8](repeating: UInt8(index % 256), count: 3 * size * size) }
}

/// Returns the integer after `--name`, or `standard`.
func option(_ name: String, _ standard: Int) -> Int {
    guard let at = CommandLine.arguments.firstIndex(of: "--\(name)"), at + 1 < CommandLine.arguments.count else {
        return standard
    }
    return Int(CommandLine.arguments[at + 1]) ?? standard
}

/// Returns the text after `--name`, or `standard`.
func word(_ name: String, _ standard: String) -> String {
    guard let at = CommandLine.arguments.firstIndex(of: "--\(name)"), at + 1 < CommandLine.arguments.count else {
        return standard
    }
    return CommandLine.arguments[at + 1]
}

/// Returns the images per second that the convolutions alone would allow, and prints the time of each step, largest
/// first.
func report(_ rounds: [[StepTime]], batch: Int) -> String {
    // The fastest round of each step.
    let steps = rounds[0].indices.map { step in
        rounds.map { $0[step] }.min { $0.seconds < $1.seconds } ?? rounds[0][step]
    }
    let all = steps.reduce(0) { $0 + $1.seconds }
    let convolutions = steps.filter(\.isConvolution).reduce(0) { $0 + $1.seconds }
    let table = Dictionary(grouping: steps, by: \.name).mapValues { $0.reduce(0) { $0 + $1.seconds } }.sorted {
        ($1.value, $0.key) < ($0.value, $1.key)
    }
    if CommandLine.arguments.contains("--table") {
        for (name, seconds) in table { print("\(seconds * 1000) ms  \(name)") }
    }
    let limit = Double(batch) / convolutions
    return "{\"conv_limit_images_per_second\":\(limit),\"all_images_per_second\":\(Double(batch) / all)}"
}

/// Returns the speed of a whole loop, next to the speed that the compiled steps alone allow: the median of five rounds.
func comparison(images: Int, seconds: Double, batch: Int, _ profile: () throws -> [StepTime]) rethrows -> String {
    let rounds = try (0..<5).map { _ in try profile().reduce(0) { $0 + $1.seconds } }.sorted()
    let loop = Double(images) / seconds
    let steps = Double(batch) / rounds[rounds.count / 2]
    return "{\"images_per_second\":\(loop),\"steps_images_per_second\":\(steps),\"loop_to_steps\":\(loop / steps)}"
}

func measure(_ what: String?) throws {
    let clock = ContinuousClock()
    let size = option("size", 64)
    let batch = option("batch", 32)
    let steps = option("steps", 10)
    let team = try ThreadTeam.open(threads: option("threads", 2))
    let model = try Models.named(word("model", "resnet18"), classes: option("classes", 10))
    switch what {
    case "train":
        // The first step, which also loads the first batch, is not measured.
        let plan = TrainingPlan(size: size, batch: batch, steps: steps + 1, learningRate: 0.001, seed: 1)
        var began: ContinuousClock.Instant?
        var ended = clock.now
        let trainer = try Trainer(model, plan, on: team)
        _ = try trainer.run(
            over: ConstantSource(count: batch * 4, size: size, classes: 10),
            eachStep: { _ in
                ended = clock.now
                began = began ?? ended
            })
        let seconds = began.map { (ended - $0) / .seconds(1) } ?? .nan
        print(try comparison(images: steps * batch, seconds: seconds, batch: batch, trainer.profile))
    case "infer":
        let classifier = try Classifier(model, .initial(for: model, seed: 1), size: size, batch: batch, on: team)
        _ = try classifier.logits(of: ConstantSource(count: batch, size: size, classes: 10))
        let began = clock.now
        _ = try classifier.logits(of: ConstantSource(count: batch * steps, size: size, classes: 10))
        let seconds = (clock.now - began) / .seconds(1)
        print(try comparison(images: batch * steps, seconds: seconds, batch: batch, classifier.profile))
    case "train-steps":
        let trainer = try Trainer(model, TrainingPlan(size: size, batch: batch, steps: 1, seed: 1), on: team)
        print(report(try (0..<max(steps, 1) + 1).map { _ in try trainer.profile() }, batch: batch))
    case "infer-steps":
        let classifier = try Classifier(model, .initial(for: model, seed: 1), size: size, batch: batch, on: team)
        print(report(try (0..<max(steps, 1) + 1).map { _ in try classifier.profile() }, batch: batch))
    case "learn":
        let examples = StripesSource(count: 600, size: size, classes: 10, seed: 1)
        let unseen = StripesSource(count: 200, size: size, classes: 10, seed: 2)
        let plan = TrainingPlan(
            size: size, batch: batch,
            steps: TrainingPlan.steps(epochs: option("epochs", 10), examples: 600, batch: batch), seed: 1)
        let trained = try Trainer(model, plan, on: team).run(
            over: examples, eachEpoch: { report, _ in FileHandle.standardError.write(Data("\(report)\n".utf8)) })
        let logits = try Classifier(model, trained.weights, size: size, on: team).logits(of: unseen)
        let right = logits.indices.filter { n in
            logits[n].indices.max { logits[n][$0] < logits[n][$1] } == unseen.label(at: n)
        }.count
        print("{\"accuracy\":\(Double(right) / 200),\"weights_digest\":\"\(trained.weights.digest)\"}")
    case "digest":
        // The digest of two short steps shows whether OpenMP delivered the planned threads.
        let plan = TrainingPlan(size: 32, batch: 4, steps: 2, seed: 1)
        print(
            try Trainer(model, plan, on: team).run(over: StripesSource(count: 8, size: 32, classes: 10, seed: 1))
                .weights.digest)
    default:
        FileHandle.standardError.write(
            Data(
                """
                usage: LearningBench train|infer|train-steps|infer-steps|learn|digest [--model M] [--classes N] [--table]
                       [--size N] [--batch N] [--steps N] [--epochs N] [--threads N]

                """.utf8))
        exit(64)
    }
}

do {
    try measure(CommandLine.arguments.dropFirst().first)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(70)
}

import Foundation
import Testing

@testable import Learning

/// PyTorch's results in double precision (Golden/make_golden.py).
struct Golden: Decodable {
    struct Account: Decodable {
        let norm: Double
        /// All numbers of a small tensor, or those at ``Golden/indices(_:)``.
        let samples: [Double]
    }

    let inference, losses: [Double]
    let gradients, changes: [String: Account]

    init(_ name: String) throws {
        let file = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"))
        self = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    static func indices(_ count: Int) -> [Int] { Set((0..<6).map { (count - 1) * $0 / 5 }).sorted() }

    /// Compares tensors with their accounts.
    /// - Parameter tolerance: relative to the tensor's root mean square for samples, to its norm for norms.
    static func compare(
        _ tensors: [String: Tensor], with accounts: [String: Account], tolerance: Double
    ) throws {
        for (name, account) in accounts {
            let tensor = try #require(tensors[name], "\(name)")
            guard case .float32(let numbers) = tensor.values else { continue }
            let norm = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let count = Double(numbers.count)
            #expect(
                abs(norm - account.norm) <= tolerance * account.norm + 1e-7,
                "norm of \(name) is \(norm), expected \(account.norm)")
            let indices = account.samples.count == numbers.count ? Array(numbers.indices) : indices(numbers.count)
            let rms = max(account.norm / count.squareRoot(), 1e-5)
            for (index, sample) in zip(indices, account.samples) {
                #expect(
                    abs(Double(numbers[index]) - sample) <= tolerance * max(rms, abs(sample)),
                    "\(name)[\(index)] is \(numbers[index]), expected \(sample)")
            }
        }
    }
}

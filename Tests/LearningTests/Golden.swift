import Foundation
import Testing

@testable import Learning

/// What PyTorch said, in double precision (Golden/make_golden.py).
struct Golden: Decodable {
    struct Account: Decodable {
        let norm: Double
        /// All numbers of a small tensor, or those at ``Golden/places(_:)``.
        let samples: [Double]
    }

    let inference, losses: [Double]
    let gradients, changes: [String: Account]

    init(_ name: String) throws {
        let file = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"))
        self = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    }

    static func places(_ count: Int) -> [Int] { Set((0..<6).map { (count - 1) * $0 / 5 }).sorted() }

    /// Holds tensors against accounts of them; `tolerance` is a share of the tensor's root mean square for samples, of its norm for norms.
    static func hold(_ tensors: [String: Tensor], to accounts: [String: Account], tolerance: Double) throws {
        for (name, account) in accounts {
            let tensor = try #require(tensors[name], "\(name)")
            guard case .float32(let numbers) = tensor.values else { continue }
            let norm = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(
                abs(norm - account.norm) <= tolerance * account.norm + 1e-7,
                "the norm of \(name) is \(norm), not \(account.norm)")
            let places = account.samples.count == numbers.count ? Array(numbers.indices) : places(numbers.count)
            let usual = max(account.norm / Double(numbers.count).squareRoot(), 1e-5)
            for (place, sample) in zip(places, account.samples) {
                #expect(
                    abs(Double(numbers[place]) - sample) <= tolerance * max(usual, abs(sample)),
                    "\(name)[\(place)] is \(numbers[place]), not \(sample)")
            }
        }
    }
}

/// Where the white and the three primaries of a screen lie in the CIE 1931 diagram.
struct Chromaticities: Equatable {
    typealias Point = (x: Double, y: Double)

    /// White, red, green, blue: x and y of each.
    private let numbers: [Double]

    static let sRGB = Chromaticities(unchecked: [0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06])

    private init(unchecked numbers: [Double]) {
        self.numbers = numbers
    }

    /// Nil unless there are four points that span a triangle with white inside its plane.
    init?(_ numbers: [Double]) {
        guard numbers.count == 8, numbers.allSatisfy({ (0.0...1.0).contains($0) }),
            stride(from: 1, to: 8, by: 2).allSatisfy({ numbers[$0] > 0.001 })
        else { return nil }
        self.init(unchecked: numbers)
        guard colorants != nil else { return nil }
    }

    func isNearly(_ other: Chromaticities) -> Bool {
        zip(numbers, other.numbers).allSatisfy { abs($0 - $1) < 0.002 }
    }

    private func xyz(_ point: Int) -> [Double] {
        let (x, y) = (numbers[2 * point], numbers[2 * point + 1])
        return [x / y, 1, (1 - x - y) / y]
    }

    /// XYZ of red, green and blue under D50, as a profile stores them: scaled to sum to white, which the Bradford transform takes to D50.
    var colorants: [[Double]]? {
        let white = xyz(0)
        let primaries = [xyz(1), xyz(2), xyz(3)]
        guard let scales = Matrix(columns: primaries).solve(white), scales.allSatisfy({ $0 > 0 }) else { return nil }
        let bradford = Matrix(rows: [
            [0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296],
        ])
        let from = bradford * white
        let to = bradford * [0.9642, 1, 0.8249]
        guard from.allSatisfy({ $0 > 0.01 }) else { return nil }
        return zip(primaries, scales).map { primary, scale in
            let cones = bradford * primary.map { $0 * scale }
            return bradford.solve(zip(cones, zip(from, to)).map { $0 * $1.1 / $1.0 }) ?? primary
        }
    }
}

/// Three by three.
private struct Matrix {
    let rows: [[Double]]

    init(rows: [[Double]]) {
        self.rows = rows
    }

    init(columns: [[Double]]) {
        rows = (0..<3).map { row in columns.map { $0[row] } }
    }

    static func * (matrix: Matrix, vector: [Double]) -> [Double] {
        matrix.rows.map { $0[0] * vector[0] + $0[1] * vector[1] + $0[2] * vector[2] }
    }

    private static func determinant(_ m: [[Double]]) -> Double {
        let first = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        let second = m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        return first - second + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    }

    /// The vector that this matrix takes to `right`, by Cramer's rule; nil where there is not one.
    func solve(_ right: [Double]) -> [Double]? {
        let whole = Self.determinant(rows)
        guard abs(whole) > 1e-6 else { return nil }
        return (0..<3).map { column in
            var replaced = rows
            for row in 0..<3 { replaced[row][column] = right[row] }
            return Self.determinant(replaced) / whole
        }
    }
}

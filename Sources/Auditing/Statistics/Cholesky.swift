/// The Cholesky factor of a symmetric positive definite matrix: lower triangular, L · Lᵀ is the matrix.
struct Cholesky: Sendable {
    let size: Int
    /// Row-major; zeros above the diagonal.
    private let lower: [Double]

    /// Creates the factor; nil if the matrix is not positive definite.
    ///
    /// - Parameter matrix: size × size numbers, row-major. Only the lower triangle is read.
    init?(_ matrix: [Double], size: Int) {
        precondition(matrix.count == size * size)
        var lower = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                var sum = matrix[row * size + column]
                for index in 0..<column { sum -= lower[row * size + index] * lower[column * size + index] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row * size + row] = sum.squareRoot()
                } else {
                    lower[row * size + column] = sum / lower[column * size + column]
                }
            }
        }
        self.size = size
        self.lower = lower
    }

    /// Returns L⁻¹ · vector.
    func forward(_ vector: [Double]) -> [Double] {
        var result = vector
        for row in 0..<size {
            var sum = result[row]
            for index in 0..<row { sum -= lower[row * size + index] * result[index] }
            result[row] = sum / lower[row * size + row]
        }
        return result
    }

    /// Returns x with matrix · x = vector.
    func solve(_ vector: [Double]) -> [Double] {
        var result = forward(vector)
        for row in stride(from: size - 1, through: 0, by: -1) {
            var sum = result[row]
            for index in row + 1..<size { sum -= lower[index * size + row] * result[index] }
            result[row] = sum / lower[row * size + row]
        }
        return result
    }
}

import Crypto

extension SHA256Digest {
    /// 64 characters, lower case.
    var hex: String { map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
}

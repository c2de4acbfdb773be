extension DecodedPhoto {
    /// What the bytes are, whatever the file is called. The raw value is the suffix that a workspace keeps them under (`jpg` for JPEG).
    public enum Format: String, CaseIterable, Sendable {
        case jpeg, png, tiff, webp, pnm, heic, avif, dng

        /// - Parameter loader: libvips' name of the class that reads the bytes.
        init?(loader: String, _ kind: Contents.Kind) {
            let loaders = [
                ("Jpeg", Format.jpeg), ("Png", .png), ("Tiff", kind == .dng ? .dng : .tiff), ("Webp", .webp),
                ("Ppm", .pnm), ("Heif", kind == .avif ? .avif : .heic),
            ]
            for (name, format) in loaders where loader.hasPrefix("VipsForeignLoad\(name)") {
                self = format
                return
            }
            return nil
        }

        /// What files of this kind are called, in lower case; the first is the usual one.
        public var suffixes: [String] {
            switch self {
            case .jpeg: ["jpg", "jpeg", "jpe", "jfif", "jif", "mpo"]
            case .png: ["png", "apng"]
            case .tiff: ["tif", "tiff"]
            case .webp: ["webp"]
            case .pnm: ["ppm", "pnm", "pgm", "pbm", "pam", "pfm"]
            case .heic: ["heic", "heif", "hif", "heics", "heifs"]
            case .avif: ["avif", "avifs", "heif", "hif"]
            case .dng: ["dng"]
            }
        }

        /// Whether a file of this kind may be called so. A name without a suffix says nothing wrong.
        public func isCalled(_ file: String) -> Bool {
            let name = file.split(separator: "/").last ?? ""
            guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name.index(after: dot) != name.endIndex
            else { return true }
            return suffixes.contains(name[name.index(after: dot)...].lowercased())
        }
    }
}

import Foundation
import Synchronization

/// Decoding in processes of its own: children of this program that do nothing else, each for one photo at a time. A codec that crashes, hangs or
/// grabs memory ends its child; the photo is refused, and another child takes its place.
///
/// It is offered to every ``DecodedPhoto`` once the program has called ``serveIfAsked()`` first thing in its main function.
public final class ApartDecoding: Sendable {
    /// The argument by which a child is told what it is.
    static let word = "--decode-apart"
    /// Seconds that a photo may take.
    private static let patience = 60.0

    private static let isOffered = Atomic<Bool>(false)
    private static let shared = ApartDecoding(program: "/proc/self/exe")
    static var offered: ApartDecoding? { isOffered.load(ordering: .relaxed) ? shared : nil }

    private let program: String
    private let seconds: Double
    private let idle = Mutex<[ApartChild]>([])

    /// - Parameter program: one that calls ``serveIfAsked()``.
    init(program: String, seconds: Double = ApartDecoding.patience) {
        (self.program, self.seconds) = (program, seconds)
    }

    /// Call this before anything else: a child decodes until its parent is gone, and never returns from here.
    public static func serveIfAsked() {
        if CommandLine.arguments.dropFirst() == [word] { ApartServer(socket: 0).serve() }
        isOffered.store(true, ordering: .relaxed)
    }

    /// A photo whose header a child has read, and whose pixels it will decode.
    final class Photo {
        let header: PhotoHeader
        let child: ApartChild
        private let owner: ApartDecoding

        fileprivate init(header: PhotoHeader, child: ApartChild, owner: ApartDecoding) {
            (self.header, self.child, self.owner) = (header, child, owner)
        }

        deinit { owner.putBack(child) }

        func pixels(_ reduction: Reduction) throws -> VipsPixels { try child.pixels(reduction) }
    }

    /// - Throws: ``ImagingError`` where there is no header, or its child died.
    func open(_ bytes: [UInt8], _ limits: DecodingLimits) throws -> Photo {
        let child = try idle.withLock { $0.popLast() } ?? ApartChild(program, seconds: seconds)
        do {
            return Photo(header: try child.header(of: bytes, memory: limits.memory), child: child, owner: self)
        } catch {
            putBack(child)
            throw error
        }
    }

    private func putBack(_ child: ApartChild) {
        if child.isAlive { idle.withLock { $0.append(child) } }
    }
}

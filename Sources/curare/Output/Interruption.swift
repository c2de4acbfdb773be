import ArgumentParser
import Foundation
import Storage
import Synchronization

/// The end of the program by Ctrl-C (SIGINT) or SIGTERM.
///
/// Every file and folder that Curare writes is complete or absent, and the catalog's writes are transactions. The program
/// can therefore end at any moment, as it can when the machine fails. The function that the system calls for a signal only
/// stores the signal and wakes a thread. The thread prints what is kept, and ends the program without the exit functions
/// of libraries, because other threads still use these libraries.
enum Interruption {
    /// The first signal that arrived; 0 if none did.
    private static let signal = Atomic<Int32>(0)
    /// The end of the pipe that wakes the thread; -1 before ``start(_:)``.
    private static let pipe = Atomic<Int32>(-1)
    private static let signals = [SIGINT, SIGTERM]
    /// What the command has not done yet, while it waits for a confirmation; nil at other times.
    private static let question = Mutex<String?>(nil)

    /// Whether a signal has arrived. Other threads then print nothing more.
    static var hasBegun: Bool { signal.load(ordering: .sequentiallyConsistent) != 0 }

    /// Handles the signals from now on.
    ///
    /// A signal that the program ignores already stays ignored: a shell starts programs in the background like this.
    ///
    /// - Parameter text: what is kept of the command's work, and how to go on.
    static func start(_ text: String) {
        var ends: [Int32] = [-1, -1]
        // Without a pipe, a signal ends the program at once, as it does without this function.
        guard Glibc.pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipe.store(ends[1], ordering: .sequentiallyConsistent)
        let readEnd = ends[0]
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while read(readEnd, &byte, 1) < 0, errno == EINTR {}
            exitProgram(text)
        }
        for number in signals {
            // The handler restarts interrupted system calls, and a program that this one starts does not have the handler.
            let before = Glibc.signal(number) { Interruption.receive($0) }
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                Glibc.signal(number, SIG_IGN)
            }
        }
        // Another program can start this one with blocked signals.
        var accepted = sigset_t()
        sigemptyset(&accepted)
        for number in signals { sigaddset(&accepted, number) }
        pthread_sigmask(SIG_UNBLOCK, &accepted, nil)
    }

    /// Runs `ask`, which waits for a confirmation. A signal meanwhile ends the program with `text` in place of the text of
    /// the command.
    static func asking<Value>(_ text: String, _ ask: () -> Value) -> Value {
        question.withLock { $0 = text }
        defer { question.withLock { $0 = nil } }
        return ask()
    }

    /// Ends the handling of signals, because the command has finished or failed. If a signal has arrived before, this
    /// function does not return: the program ends as interrupted.
    static func end() {
        if hasBegun { while true { sleep(1) } }
        guard pipe.exchange(-1, ordering: .sequentiallyConsistent) >= 0 else { return }
        for number in signals {
            let before = Glibc.signal(number, SIG_DFL)
            if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                Glibc.signal(number, SIG_IGN)
            }
        }
    }

    /// Stores a signal and wakes the thread. The system calls this function at any moment, so that it uses only functions
    /// that are safe then. The second signal ends the program at once.
    private static func receive(_ number: Int32) {
        let isFirst = signal.compareExchange(expected: 0, desired: number, ordering: .sequentiallyConsistent).exchanged
        let end = pipe.load(ordering: .sequentiallyConsistent)
        guard isFirst, end >= 0 else { _exit(128 + number) }
        let error = errno
        var byte: UInt8 = 1
        _ = write(end, &byte, 1)
        errno = error
    }

    private static func exitProgram(_ text: String) -> Never {
        UnfinishedWrites.ofProcess.removeAll()
        let clear = Terminal.isInteractive ? "\r\u{1b}[K" : ""
        let question = question.withLock { $0 }
        // The prompt stays visible above the message.
        let start = question == nil ? clear : "\n"
        let message = Array("\(start)\(InterruptionText.message(text, asking: question))\n".utf8)
        // The program ends now, also if standard error is closed.
        _ = message.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        _exit(128 + signal.load(ordering: .sequentiallyConsistent))
    }
}

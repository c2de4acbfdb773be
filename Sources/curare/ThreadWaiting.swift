import ArgumentParser
import Foundation

/// A command whose work runs on OpenMP threads: the command trains or applies a network.
protocol OpenMPCommand: ParsableCommand {}

/// How an OpenMP thread waits for the other threads at the end of a parallel loop.
///
/// By default libgomp's threads test a variable for some milliseconds before they sleep. On a machine that other programs
/// use too, a waiting thread then takes the processor time of the thread that it waits for. A thread that sleeps at once
/// costs time on an idle machine, because the system must wake it. `Benchmarks/shared-machine` measures the choice.
enum ThreadWaiting {
    /// The number of times that a waiting thread tests the variable before it sleeps.
    static let spinCount = 2000
    /// The environment variables in which a user can set how OpenMP threads wait.
    private static let userChoices = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"]

    /// Starts this program again with ``spinCount`` in its environment, unless the user's environment has a choice.
    ///
    /// libgomp reads the environment when the program is loaded, so that the running program cannot change the setting.
    /// The new program has the same process id, arguments and open files. If the system cannot start it, this function
    /// returns: then the work is slower on a busy machine, and its results are the same.
    static func restartIfNeeded() {
        let environment = ProcessInfo.processInfo.environment
        guard userChoices.allSatisfy({ environment[$0] == nil }) else { return }
        setenv("GOMP_SPINCOUNT", String(spinCount), 1)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}

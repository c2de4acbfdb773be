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
    /// The number of times that a waiting thread tests the variable before it sleeps, on an idle machine.
    static let spinCount = 2000
    /// The environment variables in which a user can set how OpenMP threads wait.
    private static let userChoices = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"]

    /// Starts this program again with the way to wait in its environment, unless the user's environment has a choice.
    /// While other programs use the processors, threads sleep at once. On an idle machine they test the variable
    /// ``spinCount`` times first.
    ///
    /// libgomp reads the environment when the program is loaded, so that the running program cannot change the setting.
    /// The new program has the same process id, arguments and open files. If the system cannot start it, this function
    /// returns: then the work is slower on a busy machine, and its results are the same.
    static func restartIfNeeded() {
        let environment = ProcessInfo.processInfo.environment
        guard userChoices.allSatisfy({ environment[$0] == nil }) else { return }
        if isMachineBusy() {
            setenv("OMP_WAIT_POLICY", "passive", 1)
        } else {
            setenv("GOMP_SPINCOUNT", String(spinCount), 1)
        }
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }

    /// Returns whether other programs leave this program fewer processors than it has threads, now and for 30 ms.
    ///
    /// If the system does not give the number of runnable threads, the machine counts as idle.
    private static func isMachineBusy() -> Bool {
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let threads = ProcessInfo.processInfo.activeProcessorCount
        let samples = 10
        let busy = (0..<samples).count { _ in
            usleep(3000)
            guard let runnable = runnableThreads() else { return false }
            // This program's own thread is one of the runnable threads.
            return runnable - 1 + threads > processors
        }
        return busy > samples / 2
    }

    /// Returns the number of threads of all programs that run or wait for a processor; nil if the system does not give
    /// the number.
    ///
    /// The fourth field of `/proc/loadavg` has the form `runnable/all` (proc_loadavg(5)).
    private static func runnableThreads() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count >= 4 else { return nil }
        return fields[3].split(separator: "/").first.flatMap { Int($0) }
    }
}

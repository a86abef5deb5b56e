package import API
import Glibc
package import Kernel
import Settings

/// The program of a service, started for one command with the environment of this process. `IDENTITY_PROGRAM` and the
/// like name it (a set-up may put a service's own settings in front); otherwise it lies in the folder of this program.
package struct ServiceProgram: Sendable {
    let path: String

    package init(_ name: ServiceName, for who: Operator) throws {
        let named = Setting.text(
            "\(name.rawValue.uppercased())_PROGRAM", default: "", help: "The program of \(name.rawValue).")
        let given = try who.read(named)
        path = given.isEmpty ? Self.ownFolder + "/" + name.rawValue : given
        guard unsafe access(path, X_OK) == 0 else {
            throw Failure(
                .settings, "There is no program of \(name.rawValue) at \(path); \(named.declaration.name) names one.")
        }
    }

    /// Runs it to its end and answers its status. It reads what this process reads, or `input`.
    /// - Parameter output: where what it prints goes, where that is not this process's own output.
    package func run(_ arguments: [String], input: Secret? = nil, output: Int32? = nil) throws(Failure) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output { unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        let source = try input.map { secret throws(Failure) in try Self.pipe(holding: secret) }
        if let source { unsafe posix_spawn_file_actions_adddup2(&actions, source, STDIN_FILENO) }
        let texts = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        var pid: pid_t = -1
        let fault = unsafe posix_spawn(&pid, path, &actions, nil, texts, environ)
        if let source { close(source) }
        guard fault == 0 else { throw Failure(.unavailable, "\(path) cannot be started (error \(fault)).") }
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure(.unavailable, "\(path) was lost.") }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Runs it to its end; its status and the first line of what it printed, which fits into a pipe.
    package func capture(_ arguments: [String], input: Secret) throws(Failure) -> (status: Int32, output: String) {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw Failure(.unavailable, "The system has no pipe left.") }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let status: Int32
        do throws(Failure) {
            status = try run(arguments, input: input, output: ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
        let line = bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        return (status, String(decoding: line, as: UTF8.self))
    }

    /// A pipe with a line or two in it: short enough to fit whole, so that nobody waits. It is closed in the child by
    /// itself.
    private static func pipe(holding secret: Secret) throws(Failure) -> Int32 {
        var ends: [Int32] = [-1, -1]
        let line = Array((secret.expose() + "\n").utf8)
        guard line.count <= 4096, unsafe Glibc.pipe(&ends) == 0 else {
            throw Failure(.unavailable, "The password cannot be handed on.")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = unsafe line.withUnsafeBytes { unsafe write(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        return ends[0]
    }

    private static var ownFolder: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

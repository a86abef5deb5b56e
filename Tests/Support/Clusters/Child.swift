internal import Glibc
internal import Lifecycle

/// Programs started by tests.
enum Child {
    /// A child must not be started between the making of a pipe and its marking: it would keep the other's pipe open
    /// for ever.
    private static let lock = Locked(())

    /// Both ends stay with this process unless handed to a child as its input or output.
    static func pipe() -> (read: Int32, write: Int32) {
        lock.withLock { _ in
            var ends: [Int32] = [-1, -1]
            precondition(unsafe Glibc.pipe(&ends) == 0, "no pipe")
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }

    /// Runs a program to its end; its status, and what it said on both outputs.
    static func run(_ arguments: [String]) -> (status: Int32, output: String) {
        let ends = pipe()
        let pid = spawn(arguments, input: nil, output: ends.write)
        close(ends.write)
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(ends.read, &chunk, chunk.count)
            if count <= 0 { break }
            output += chunk[..<count]
        }
        close(ends.read)
        var status: Int32 = -1
        if pid > 0 { _ = unsafe waitpid(pid, &status, 0) }
        return (status, String(decoding: output, as: UTF8.self))
    }

    /// Runs a shell script that says a folder's path once it is ready, reads from its input until this process is gone,
    /// however it ends, and cleans up then. The path.
    static func leashed(_ script: String, _ words: String...) -> String {
        let leash = pipe(), ready = pipe()
        spawn(["sh", "-c", script, "leashed"] + words, input: leash.read, output: ready.write)
        close(leash.read)
        close(ready.write)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(ready.read, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        close(ready.read)
        let answer = String(decoding: line, as: UTF8.self)
        precondition(answer.hasPrefix("/"), "a server of the tests did not start: \(answer)")
        return answer
    }

    /// Starts a program that reads from `input`; its outputs go nowhere unless `output` is given.
    @discardableResult
    static func spawn(_ arguments: [String], input: Int32?, output: Int32? = nil) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let output {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
            unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        }
        // A group of its own: what the terminal tells the tests does not reach it.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe texts.forEach { unsafe free($0) } }
        return lock.withLock { _ in
            var pid: pid_t = -1
            guard let program = unsafe texts[0] else { return -1 }
            let status = unsafe posix_spawnp(&pid, program, &actions, &attributes, texts, environ)
            return status == 0 ? pid : -1
        }
    }
}

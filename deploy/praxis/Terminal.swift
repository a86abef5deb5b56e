import Glibc
import Kernel

/// The operator's side of the process: words out, words in.
enum Terminal {
    static let write: @Sendable (String) -> Void = { put($0 + "\n", STDOUT_FILENO) }
    static func complain(_ text: String) { put("praxis: \(text)\n", STDERR_FILENO) }

    /// Whether somebody types, and nothing was piped in.
    static var isTyped: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks for a secret without showing what is typed; from a pipe it is one line. Nil at the end of the input.
    static func secret(_ question: String) -> Secret? {
        guard isTyped else { return readLine().map { Secret($0) } }
        put(question + ": ", STDERR_FILENO)
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            put("\n", STDERR_FILENO)
        }
        return readLine().map { Secret($0) }
    }

    private static func put(_ text: String, _ descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

import Glibc
import Lifecycle

/// A mail server of a test's own on a loopback port, on threads of its own: it answers as the test says and keeps what
/// it was given.
final class SMTPSink: Sendable {
    struct Received: Sendable, Equatable {
        var commands: [String] = []
        var data = ""
    }

    let port: Int
    private let socket: Int32
    private let received = Locked<[Received]>([])
    private let answers: [String: String]

    /// - Parameter answers: by the first word of a command, or `GREETING`, `BODY` (after the last dot).
    init(_ answers: [String: String] = [:]) {
        self.answers = answers
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.socket = socket
        // A program that another test starts may hold the other end open for ever.
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, size) == 0 && listen(socket, 16) == 0
                    && getsockname(socket, address, &size) == 0
            }
        }
        precondition(bound, "no port for the sink")
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    var mails: [Received] { received.withLock { $0 } }

    /// Serves so many connections one after the other; blocks.
    func serve(_ count: Int = 1) {
        for _ in 0..<count {
            let peer = accept(socket, nil, nil)
            guard peer >= 0 else { return }
            var timeout = timeval(tv_sec: 5, tv_usec: 0)
            _ = unsafe setsockopt(
                peer, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var session = Received()
            talk(peer, &session)
            close(peer)
            received.withLock { $0.append(session) }
        }
        close(socket)
    }

    private func talk(_ peer: Int32, _ session: inout Received) {
        say(answers["GREETING"] ?? "220 sink", peer)
        var lines = Lines(peer)
        while let line = lines.next() {
            session.commands.append(line)
            let word = String(line.split(separator: " ").first ?? "").uppercased()
            say(
                answers[word]
                    ?? (word == "DATA" ? "354 go on" : word == "EHLO" ? "250-sink\r\n250 8BITMIME" : "250 ok"), peer)
            if word == "QUIT" { return }
            guard word == "DATA", answers["DATA"] == nil else { continue }
            while let line = lines.next(), line != "." { session.data += line + "\n" }
            guard let answer = answers["BODY"] else {
                say("250 taken", peer)
                continue
            }
            // A reset after the dot: nobody knows whether it was taken.
            if answer.isEmpty { return }
            say(answer, peer)
        }
    }

    private func say(_ text: String, _ peer: Int32) {
        let bytes = Array("\(text)\r\n".utf8)
        _ = unsafe send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private struct Lines {
        private let peer: Int32
        private var bytes: [UInt8] = []

        init(_ peer: Int32) { self.peer = peer }

        mutating func next() -> String? {
            while true {
                if let end = bytes.firstIndex(of: 10) {
                    let line = String(decoding: bytes[..<end], as: UTF8.self)
                    bytes.removeFirst(end + 1)
                    return line.hasSuffix("\r") ? String(line.dropLast()) : line
                }
                var chunk = [UInt8](repeating: 0, count: 4096)
                let count = unsafe recv(peer, &chunk, chunk.count, 0)
                if count <= 0 { return nil }
                bytes += chunk[..<count]
            }
        }
    }
}

import Glibc
import Lifecycle

/// A provider of a test's own on a loopback port: it answers as the test says and keeps what it was sent.
package final class HTTPSink: Sendable {
    /// One request as it came.
    package struct Received: Sendable, Equatable {
        package var lines: [String] = []
        package var body = ""
        /// The value of a header, whatever the case of its name.
        package subscript(name: String) -> String? {
            lines.first { $0.lowercased().hasPrefix("\(name.lowercased()): ") }.map {
                String($0.dropFirst(name.count + 2))
            }
        }
    }

    /// What one connection gets.
    package enum Reply: Sendable {
        /// The whole answer.
        case text(String)
        /// The same, a byte every 50 ms.
        case slowly(String)
        /// Nothing, until the caller gives up.
        case nothing
    }

    package let port: Int
    private let socket: Int32
    private let received = Locked<[Received]>([])
    private let replies: Locked<[Reply]>
    private let isStopped = Locked(false)

    /// - Parameter answer: the whole answer; nil hangs until the caller gives up.
    package convenience init(_ answer: String?) { self.init([answer.map { .text($0) } ?? .nothing]) }

    /// - Parameter replies: one for each connection in turn; the last for all further ones.
    package init(_ replies: [Reply]) {
        self.replies = Locked(replies)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        HTTPSink.setPatience(socket)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { [socket] pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, size) == 0 && listen(socket, 64) == 0
                    && getsockname(socket, address, &size) == 0
            }
        }
        precondition(bound, "no port for the sink")
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    package var requests: [Received] { received.withLock { $0 } }

    private static func setPatience(_ socket: Int32) {
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Serves one connection; blocks.
    package func serve() {
        defer { close(socket) }
        serveNext()
    }

    /// Serves one connection after the other until `stop`; blocks.
    package func serveAll() {
        defer { close(socket) }
        while !isStopped.withLock({ $0 }) { serveNext() }
    }

    package func stop() {
        isStopped.withLock { $0 = true }
        shutdown(socket, Int32(SHUT_RDWR))
    }

    private func serveNext() {
        let peer = accept(socket, nil, nil)
        guard peer >= 0 else { return }
        defer { close(peer) }
        HTTPSink.setPatience(peer)
        let request = read(peer)
        received.withLock { $0.append(request) }
        switch replies.withLock({ $0.count > 1 ? $0.removeFirst() : $0.first }) {
        case .text(let answer)?:
            let bytes = Array(answer.utf8)
            _ = unsafe send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        case .slowly(let answer)?:
            for byte in answer.utf8 {
                guard unsafe send(peer, [byte], 1, Int32(MSG_NOSIGNAL)) == 1 else { return }
                _ = poll(nil, 0, 50)
            }
        case .nothing?, nil:
            var chunk = [UInt8](repeating: 0, count: 64)
            _ = unsafe recv(peer, &chunk, chunk.count, 0)
        }
    }

    private func read(_ peer: Int32) -> Received {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let head = Received(lines: text[..<end.lowerBound].split(separator: "\r\n").map(String.init))
                let body = String(text[end.upperBound...])
                if body.utf8.count >= head["Content-Length"].flatMap({ Int($0) }) ?? 0 {
                    return Received(lines: head.lines, body: body)
                }
            }
            let count = unsafe recv(peer, &chunk, chunk.count, 0)
            if count <= 0 { return Received(lines: [text]) }
            bytes += chunk[..<count]
        }
    }
}

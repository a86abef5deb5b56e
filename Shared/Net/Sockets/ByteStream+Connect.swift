internal import CLinux
internal import Glibc
package import Lifecycle

extension ByteStream {
    /// Connects to `address` by `deadline`. To be called on a loop, which the stream then belongs to.
    package static func connect(
        to address: SocketAddress, on loop: EventLoop, deadline: Deadline
    ) async throws -> ByteStream {
        let fd = try Socket.make(for: address)
        if address.port != nil { Socket.sendAtOnce(fd) }
        let outcome = unsafe address.withSystemAddress { unsafe Glibc.connect(fd, $0, $1) }
        let code = outcome == 0 ? 0 : errno
        guard code == 0 || code == EINPROGRESS else {
            close(fd)
            throw SocketError(operation: "connect", code: code)
        }
        let stream = ByteStream(fd: fd, peer: address, loop: loop)
        if code == 0 { return stream }
        var isFirst = true
        try await stream.complete(by: deadline) {
            defer { isFirst = false }
            if isFirst { return .waitsToWrite }
            let code = Socket.pendingError(fd)
            return code == 0 ? .moved(0) : .failed(.socket(SocketError(operation: "connect", code: code)))
        }
        return stream
    }

    private static func close(_ fd: Int32) { _ = Glibc.close(fd) }
}

internal import CLinux
internal import Glibc

/// What the system said about a call on a socket, as its `errno`.
package struct SocketError: Error, Equatable, CustomStringConvertible {
    package let operation: String
    package let code: Int32

    package var description: String { "\(operation): \(unsafe String(cString: strerror(code)))" }

    static func last(_ operation: String) -> SocketError { SocketError(operation: operation, code: errno) }
}

/// The few calls on socket descriptors that Net needs; all descriptors are non-blocking and closed on exec.
enum Socket {
    static func make(for address: SocketAddress) throws(SocketError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let fd = socket(address.family, type, 0)
        guard fd >= 0 else { throw .last("socket") }
        return fd
    }

    static func set(_ fd: Int32, _ level: Int32, _ option: Int32, _ value: Int32 = 1) {
        var value = value
        _ = unsafe setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Small writes leave at once: we already gather them.
    static func sendAtOnce(_ fd: Int32) { set(fd, Int32(IPPROTO_TCP), TCP_NODELAY) }

    static func bind(_ fd: Int32, to address: SocketAddress) throws(SocketError) {
        let outcome = unsafe address.withSystemAddress { unsafe Glibc.bind(fd, $0, $1) }
        guard outcome == 0 else { throw .last("bind") }
    }

    static func localAddress(_ fd: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let outcome = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(fd, $0, &length) }
        }
        return outcome == 0 ? SocketAddress(storage) : nil
    }

    /// The next waiting connection and who it is; throws `EAGAIN` when none waits.
    static func accept(_ fd: Int32) throws(SocketError) -> (Int32, SocketAddress?) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe praxis_accept4(fd, $0, &length)
            }
        }
        guard accepted >= 0 else { throw .last("accept") }
        return (accepted, SocketAddress(storage))
    }

    /// The error a connect in progress ended with, 0 if it succeeded.
    static func pendingError(_ fd: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let outcome = unsafe getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &length)
        return outcome == 0 ? code : errno
    }
}

import Glibc
import Lifecycle
import Net
import Testing

extension FastPathWorld {
    /// A connection that `close` ends with a reset.
    func connectResetting() throws -> ByteStream {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = try #require(address.port).bigEndian
        place.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let outcome = unsafe withUnsafePointer(to: &place) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe Glibc.connect(fd, $0, size) }
        }
        try #require(outcome == 0)
        var abrupt = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(fd, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
        return ByteStream(fd: fd, peer: nil, loop: try #require(EventLoop.current))
    }
}

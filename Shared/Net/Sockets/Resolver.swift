internal import CLinux
internal import Glibc

/// A name that could not be turned into addresses.
package struct NameNotResolved: Error, Equatable {
    package let code: Int32
}

/// Names to addresses by the system's resolver, on threads that may block.
package struct Resolver: Sendable {
    private let pool: BlockingPool

    package init(pool: BlockingPool) { self.pool = pool }

    /// The addresses of `host` in the system's order of preference; a numeric host costs nothing.
    package func addresses(of host: String, port: UInt16) async throws -> [SocketAddress] {
        if let address = SocketAddress(host: host, port: port) { return [address] }
        return try await pool.run { try Self.lookUp(host, port) }
    }

    /// The same, on the thread of whoever may block.
    package static func lookUp(_ host: String, _ port: UInt16) throws -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw NameNotResolved(code: code) }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(entry.pointee, port) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        guard !found.isEmpty else { throw NameNotResolved(code: EAI_NONAME) }
        return found
    }

    private static func address(_ entry: addrinfo, _ port: UInt16) -> SocketAddress? {
        guard let source = unsafe entry.ai_addr else { return nil }
        var storage = sockaddr_storage()
        let length = unsafe min(Int(entry.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: length))
        }
        switch SocketAddress(storage) {
        case .ipv4(let bits, _): return .ipv4(bits, port: port)
        case .ipv6(let high, let low, _, let scope): return .ipv6(high: high, low: low, port: port, scope: scope)
        default: return nil
        }
    }
}

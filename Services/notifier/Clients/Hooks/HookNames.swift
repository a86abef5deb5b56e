package import Kernel
package import Net
package import NotifierDomain

/// Whoever knows which addresses a hook's host has now.
package protocol HookNames: Sendable {
    /// Empty for a name that does not resolve, or not in time.
    func addresses(of url: HookURL) async -> [NetworkAddress]
}

/// Asks the system's resolver, on threads of its own: one name that nobody answers for holds up a thread, not the rest.
package struct SystemHookNames: HookNames {
    /// How long a name is waited for.
    package static let timeout: Duration = .seconds(4)

    private let pool = BlockingPool(name: "hook-names", threads: 16, queue: 256)
    private let loop: EventLoop

    /// - Parameter loop: whose timer ends the wait.
    package init(on loop: EventLoop) { self.loop = loop }

    package func addresses(of url: HookURL) async -> [NetworkAddress] {
        if let address = url.address { return [address] }
        let (host, port) = (url.host, url.port)
        let found = try? await pool.run(within: Self.timeout, on: loop) { try Resolver.lookUp(host, port) }
        return (found ?? nil ?? []).compactMap { NetworkAddress($0.host) }
    }
}

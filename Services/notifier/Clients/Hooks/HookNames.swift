package import Kernel
import Lifecycle
package import Net
package import NotifierDomain

/// Whoever knows which addresses a hook's host has now.
package protocol HookNames: Sendable {
    /// Empty for a name that does not resolve, or not in time.
    /// - Parameter owner: whose hook it is.
    func addresses(of url: HookURL, for owner: ID<Account>) async -> [NetworkAddress]
}

/// Asks the system's resolver, on threads of its own: one name that nobody answers for holds up a thread, not the rest.
/// A lookup that is given up goes on on its thread, so those of one owner are counted until they end: whoever has name
/// servers that never answer takes the threads of nobody else.
package struct SystemHookNames: HookNames {
    /// How long a name is waited for.
    package static let timeout: Duration = .seconds(4)
    /// Lookups of one owner at once: the tries it may have, and a hook that it makes meanwhile.
    package static let ownerWidth = 6
    private static let threads = 32

    private let pool = BlockingPool(name: "hook-names", threads: Self.threads, queue: 256)
    private let loop: EventLoop
    private let timeout: Duration
    private let lookUp: @Sendable (String, UInt16) throws -> [SocketAddress]
    private let running = Locked<[ID<Account>: Int]>([:])

    /// - Parameters:
    ///   - loop: whose timer ends the wait.
    ///   - lookUp: may block.
    package init(
        on loop: EventLoop, timeout: Duration = Self.timeout,
        lookUp: @escaping @Sendable (String, UInt16) throws -> [SocketAddress] = Resolver.lookUp
    ) {
        self.loop = loop
        self.timeout = timeout
        self.lookUp = lookUp
    }

    package func addresses(of url: HookURL, for owner: ID<Account>) async -> [NetworkAddress] {
        if let address = url.address { return [address] }
        guard enter(owner) else { return [] }
        do {
            let found = try await pool.run(within: timeout, on: loop) { [self] in
                defer { leave(owner) }
                return (try? lookUp(url.host, url.port)) ?? []
            }
            return (found ?? []).compactMap { NetworkAddress($0.host) }
        } catch {
            // It never began: the queue is full, or the caller was cancelled.
            leave(owner)
            return []
        }
    }

    private func enter(_ owner: ID<Account>) -> Bool {
        running.withLock { running in
            let count = running[owner] ?? 0
            guard count < Self.ownerWidth else { return false }
            running[owner] = count + 1
            return true
        }
    }

    private func leave(_ owner: ID<Account>) {
        running.withLock { running in
            let count = running[owner] ?? 0
            running[owner] = count > 1 ? count - 1 : nil
        }
    }
}

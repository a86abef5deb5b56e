internal import Lifecycle
internal import Net

/// Where an upstream is found, and how a connection to it is secured.
struct UpstreamDestination: Sendable {
    let address: Upstream.Address
    let tls: TLSContext?
    /// What its certificate must be made out to.
    let serverName: String?

    /// Tries each address of the upstream until one answers.
    func connect(on loop: EventLoop, by deadline: Deadline) async throws -> ByteStream {
        var failure: any Error = ClientFault.unreachable
        for address in try await addresses() {
            do {
                let stream = try await ByteStream.connect(to: address, on: loop, deadline: deadline)
                if let tls { try await stream.secure(tls, serverName: serverName, deadline: deadline) }
                return stream
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private func addresses() async throws -> [SocketAddress] {
        switch address {
        case .address(let address): [address]
        case .name(let host, let port, let resolver): try await resolver.addresses(of: host, port: port)
        }
    }
}

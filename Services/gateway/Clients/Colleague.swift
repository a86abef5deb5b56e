package import HTTP
package import JSON
import Kernel
import Lifecycle
package import Web

/// Asks one service in the gateway's own name.
package struct Colleague: Sendable {
    private let fleet: Fleet
    private let signer: PrincipalSigner
    private let client: HTTPClient

    package init(_ fleet: Fleet, signer: PrincipalSigner, client: HTTPClient) {
        (self.fleet, self.signer, self.client) = (fleet, signer, client)
    }

    /// The JSON at `path`, or nil when it cannot be had now.
    package func json(_ path: String, within patience: Duration = .seconds(2)) async -> JSONValue? {
        guard let bytes = await bytes(path, within: patience) else { return nil }
        return try? JSONReader.read(bytes)
    }

    package func bytes(_ path: String, within patience: Duration = .seconds(2)) async -> [UInt8]? {
        let principal = Principal(caller: nil, requestID: RequestID.make())
        guard case .lease(let lease) = fleet.take(except: []),
            let header = signer.header(principal, to: fleet.service, method: "GET", target: path),
            let request = try? OutgoingRequest(.get, path, headers: [InternalField.principal: header])
        else { return nil }
        do {
            let answer = try await client.send(request, to: lease.upstream, deadline: .after(patience))
            let bytes = try await answer.body.collect(upTo: 1_048_576)
            fleet.succeeded(lease)
            return answer.status.code == 200 ? bytes : nil
        } catch {
            fleet.failed(lease)
            return nil
        }
    }
}

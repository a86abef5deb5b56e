import API
package import HTTP
package import JSON
import Kernel
import Lifecycle
package import Web

/// Asks one service in the gateway's own name.
package struct Colleague: Sendable {
    private let instances: ServiceInstances
    private let signer: PrincipalSigner
    private let client: HTTPClient

    package init(_ instances: ServiceInstances, signer: PrincipalSigner, client: HTTPClient) {
        self.instances = instances
        self.signer = signer
        self.client = client
    }

    /// The JSON at `path`, or nil when it cannot be had now.
    package func json(_ path: String, within timeout: Duration = .seconds(2)) async -> JSONValue? {
        guard let bytes = await bytes(path, within: timeout) else { return nil }
        return try? JSONReader.read(bytes)
    }

    package func bytes(_ path: String, within timeout: Duration = .seconds(2)) async -> [UInt8]? {
        guard let request = signer.asking(instances.service, for: path), case .leased(let lease) = instances.lease()
        else {
            return nil
        }
        do {
            let answer = try await client.send(request, to: lease.upstream, deadline: .after(timeout))
            let bytes = try await answer.body.collect(upTo: 1_048_576)
            instances.succeeded(lease)
            return answer.status.code == 200 ? bytes : nil
        } catch {
            instances.failed(lease)
            return nil
        }
    }
}

extension PrincipalSigner {
    /// A question in this process's own name; nil when it has no business with the receiver.
    func asking(_ receiver: ServiceName, for path: String) -> OutgoingRequest? {
        var headers = Headers()
        let principal = Principal(caller: nil, requestID: RequestID.make())
        guard sign(principal, to: receiver, method: "GET", target: path, into: &headers) else { return nil }
        return try? OutgoingRequest(.get, path, headers: headers)
    }
}

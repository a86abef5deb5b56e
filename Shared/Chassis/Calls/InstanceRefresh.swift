import API
import HTTP
import Jobs
import Lifecycle
import Observability
import Web

/// Every two seconds: resolves the names of instances again and, where asked to, checks whether each instance lives.
package struct InstanceRefresh: Service {
    package let name = "instance refresh"
    private let services: [ServiceInstances]
    /// Signs health checks; nil where instances are judged by their answers alone.
    private let signer: PrincipalSigner?
    private let client: HTTPClient
    private let metrics: Metrics

    init(_ services: [ServiceInstances], checkedBy signer: PrincipalSigner?, client: HTTPClient, metrics: Metrics) {
        self.services = services
        self.signer = signer
        self.client = client
        self.metrics = metrics
    }

    package func start() async throws { await refresh() }

    package func run() async throws {
        await PeriodicJob(name, every: .seconds(2), metrics: metrics, work: { await refresh() }).run()
    }

    func refresh() async {
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await refresh(service) } }
        }
    }

    private func refresh(_ service: ServiceInstances) async {
        await service.locate()
        guard let signer, let request = signer.request(Self.healthPath, to: service.service) else { return }
        // Any answer but a server error is a sign of life.
        await service.check { upstream in
            guard let answer = try? await client.send(request, to: upstream, deadline: .after(.seconds(1))) else {
                return false
            }
            _ = try? await answer.body.collect(upTo: 65_536)
            return answer.status.code < 500
        }
    }

    /// The same path at every service.
    package static let healthPath = OperationAPI.condition(of: .identity).declaration.path.description
}

extension PrincipalSigner {
    /// A GET in this process's own name, since a service warns of every request without a principal; nil when this
    /// process has no key for the receiver.
    fileprivate func request(_ path: String, to receiver: ServiceName) -> OutgoingRequest? {
        var headers = Headers()
        let principal = Principal(caller: nil, requestID: RequestID.make())
        guard sign(principal, to: receiver, method: "GET", target: path, into: &headers) else { return nil }
        return try? OutgoingRequest(.get, path, headers: headers)
    }
}

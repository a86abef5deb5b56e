import API
import HTTP
import Jobs
import Lifecycle
import Observability
import Web

/// Resolves the names of instances again every two seconds, and checks twice a second whether each instance
/// lives: one that hangs is known within a second.
package struct InstanceRefresh: Service {
    package let name = "instance refresh"
    private let services: [ServiceInstances]
    /// Signs health checks.
    private let signer: PrincipalSigner
    private let client: HTTPClient
    private let metrics: Metrics

    init(_ services: [ServiceInstances], checkedBy signer: PrincipalSigner, client: HTTPClient, metrics: Metrics) {
        self.services = services
        self.signer = signer
        self.client = client
        self.metrics = metrics
    }

    package func start() async throws { await refresh() }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { await job.run() } }
        }
    }

    private var jobs: [PeriodicJob] {
        [
            PeriodicJob(name, every: .seconds(2), metrics: metrics, work: { await locate() }),
            PeriodicJob("instance checks", every: .milliseconds(400), metrics: metrics, work: { await check() }),
        ]
    }

    func refresh() async {
        await locate()
        await check()
    }

    private func locate() async {
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await service.locate() } }
        }
    }

    private func check() async {
        await withTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { await check(service) } }
        }
    }

    private func check(_ service: ServiceInstances) async {
        // An only instance is asked whatever its health.
        guard service.count > 1, let request = signer.request(Self.healthPath, to: service.service) else {
            return
        }
        // Any answer but a server error is a sign of life.
        await service.check { [client] upstream in
            guard let answer = try? await client.send(request, to: upstream, deadline: .after(Self.timeout)) else {
                return false
            }
            _ = try? await answer.body.collect(upTo: 65_536)
            return answer.status.code < 500
        }
    }

    private static let timeout = Duration.milliseconds(500)

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

import Chassis
package import Kernel
package import Lifecycle
import Net
import Outbound
package import RecordsDomain

/// Asks a model over HTTP by libcurl, on threads of its own. A model that fails five times in a minute is left alone
/// for thirty seconds.
package struct HTTPModel: ModelSource {
    private let endpoint: ModelEndpoint
    private let pool: BlockingPool
    private let breaker: Locked<CircuitBreaker>
    private let clock: any WallClock

    package var name: String { endpoint.name }

    package init(_ endpoint: ModelEndpoint, clock: any WallClock) {
        self.endpoint = endpoint
        self.clock = clock
        // Nobody waits for a thread: the time for an answer runs from the question.
        pool = BlockingPool(name: "model", threads: 16, queue: 16)
        var rules = CircuitBreaker.Rules()
        rules.failures = 5
        rules.window = .seconds(60)
        rules.openFor = .seconds(30)
        rules.trials = 1
        breaker = Locked(CircuitBreaker(rules, at: clock.now))
    }

    package func proposals(
        for question: ModelQuestion, until deadline: Deadline
    ) async -> Result<[ProposedMedicine], ModelFault> {
        guard breaker.withLock({ $0.ask(at: clock.now) }) == .pass else { return .failure(.paused) }
        let end = min(deadline, .after(endpoint.timeout))
        let exchange = ModelExchange(endpoint: endpoint, question: question, deadline: end)
        let result = (try? await pool.run { exchange.run() }) ?? .failure(.busy)
        breaker.withLock { breaker in
            if case .failure(let fault) = result, fault.isOfTheModel {
                breaker.failed(at: clock.now)
            } else {
                breaker.succeeded(at: clock.now)
            }
        }
        return result
    }
}

/// One question over one connection, or two where the first was refused. Blocks; belongs on a thread that may.
struct ModelExchange: Sendable {
    let endpoint: ModelEndpoint
    let question: ModelQuestion
    let deadline: Deadline

    func run() -> Result<[ProposedMedicine], ModelFault> {
        let request = ModelRequest(question: question, model: endpoint.name)
        do throws(ModelFault) {
            var answer = try posted(request.body(asksForJSON: true))
            // Some servers know no response_format.
            if answer.status == 400 { answer = try posted(request.body(asksForJSON: false)) }
            guard (200...299).contains(answer.status) else { throw ModelFault.status(answer.status) }
            return .success(try ModelReply.proposals(answer.body))
        } catch {
            return .failure(error)
        }
    }

    /// Once more where nobody answered at the door: nothing was sent then.
    private func posted(_ body: [UInt8]) throws(ModelFault) -> OutboundAnswer {
        do throws(OutboundFault) { return try post(body) } catch {
            guard error == .unreachable else { throw ModelFault(error) }
        }
        do throws(OutboundFault) { return try post(body) } catch { throw ModelFault(error) }
    }

    private func post(_ body: [UInt8]) throws(OutboundFault) -> OutboundAnswer {
        let left = deadline.remaining()
        guard left > .milliseconds(1) else { throw .timedOut }
        let authorization = endpoint.key.map { ["Authorization: Bearer \($0.expose())"] } ?? []
        return try HTTPPost(
            url: endpoint.url,
            fields: authorization + ["Content-Type: application/json", "Accept: application/json"], body: body,
            timeout: left, connecting: .seconds(2), answerLimit: ModelReply.limit
        ).run().get()
    }
}

extension ModelFault {
    init(_ fault: OutboundFault) {
        switch fault {
        case .setUp, .unreachable, .other: self = .unreachable
        case .tls: self = .tls
        case .timedOut: self = .timedOut
        case .tooLong: self = .tooLong
        }
    }
}

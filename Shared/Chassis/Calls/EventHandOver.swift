import API
import Events
import Kernel
import Observability

/// Hands events to the services that keep copies of what they tell, so that whoever caused them and was answered sees
/// them in the next answer, whatever service gives it.
struct EventHandOver: Sendable {
    let calls: ServiceClient

    /// How long a writer waits for a keeper that does not answer: its copy follows by the stream.
    static let limit: Duration = .seconds(1)

    func give(_ envelope: EventEnvelope, to keeper: String) async {
        guard let service = ServiceName(rawValue: keeper) else { return }
        do throws(Problem) {
            _ = try await calls.ask(
                EventsAPI.take(by: service).declaration, body: envelope.json, within: Self.limit)
        } catch {
            log.warning(
                "a copy follows by the stream alone",
                ["service": keeper, "type": envelope.type, "code": error.code.rawValue])
        }
    }
}

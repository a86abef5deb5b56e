package import API
import HTTP
package import JSON
import Kernel
import Net
import Settings

extension Verb {
    static let status = Verb(
        name: "status", usage: "[-o json]", summary: "Whether each service runs and is ready; 69 when one is not"
    ) { who, raw in
        guard raw.isEmpty || raw == ["-o", "json"] else { throw Failure(.usage, "status, or status -o json.") }
        let found = try await Network.use { group in try await ServiceState.all(who, group) }
        if raw.isEmpty {
            for one in found { who.say(one.line) }
        } else {
            who.say(String(decoding: JSONValue.array(found.map(\.json)).bytes, as: UTF8.self))
        }
        return found.allSatisfy { $0.state == .ready } ? 0 : Failure.Kind.unavailable.rawValue
    }
}

/// How one service answers at its port for operators.
package struct ServiceState: Sendable {
    /// What a process says of itself.
    package enum State: String, Sendable { case ready, notReady = "not_ready", down }

    let name: ServiceName
    let port: Int
    let state: State

    package init(name: ServiceName, port: Int, state: State) {
        self.name = name
        self.port = port
        self.state = state
    }

    package var line: String {
        let title = name.rawValue + String(repeating: " ", count: max(0, 12 - name.rawValue.count))
        return "\(title)\(state.rawValue)  (ops port \(port))"
    }

    package var json: JSONValue {
        ["service": .string(name.rawValue), "ops_port": .integer(Int64(port)), "state": .string(state.rawValue)]
    }

    static func all(_ who: Operator, _ group: EventLoopGroup) async throws -> [ServiceState] {
        var found: [ServiceState] = []
        for name in ServiceName.allCases {
            let port = try who.read(
                Setting.port("\(name.rawValue.uppercased())_OPS_PORT", default: name.opsPort, help: "Its ops port."))
            found.append(ServiceState(name: name, port: port, state: try await state(at: port, group)))
        }
        return found
    }

    private static func state(at port: Int, _ group: EventLoopGroup) async throws -> State {
        let caller = try HTTPCaller("http://127.0.0.1:\(port)", group: group)
        do {
            return try await caller.send(try OutgoingRequest(.get, "/readyz")).status == 200 ? .ready : .notReady
        } catch is Failure {
            return .down
        }
    }
}

package import Kernel
package import Lifecycle
package import RecordsDomain

/// Where a model is asked: anything that answers as OpenAI's chat completions do.
package struct ModelEndpoint: Sendable {
    /// Without `/chat/completions`.
    package let base: String
    package let key: Secret?
    package let name: String
    /// For one question, retries included.
    package let timeout: Duration

    package init(base: String, key: Secret?, name: String, timeout: Duration = .seconds(20)) {
        self.base = base
        self.key = key
        self.name = name
        self.timeout = timeout
    }

    var url: String { (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/chat/completions" }
}

/// Something that proposes medicines. What it says is believed in nothing: rules judge it.
package protocol ModelSource: Sendable {
    var name: String { get }
    /// Never throws: what went wrong is an outcome like the others.
    func proposals(
        for question: ModelQuestion, until deadline: Deadline
    ) async -> Result<[ProposedMedicine], ModelFault>
}

/// Why there are no proposals; its code is counted, and never shown to who asked.
package enum ModelFault: Error, Sendable, Equatable {
    /// No model is set up.
    case notSetUp
    case unreachable, tls, timedOut
    case status(Int)
    /// Longer than an answer may be.
    case tooLong
    /// Not what was agreed on.
    case malformed
    /// Too many ask at once.
    case busy
    /// It failed often, and is left alone for a while.
    case paused
    /// It named nothing that the rules let pass.
    case nothingLeft

    /// Whether it says something of the model's server, and not of one question: what people ask must not turn it off
    /// for everybody.
    package var isOfTheModel: Bool {
        switch self {
        case .unreachable, .tls, .timedOut: true
        case .status(let status): status >= 500 || status == 429
        case .notSetUp, .tooLong, .malformed, .busy, .paused, .nothingLeft: false
        }
    }

    package var code: String {
        switch self {
        case .notSetUp: "not_set_up"
        case .unreachable: "unreachable"
        case .tls: "tls"
        case .timedOut: "timed_out"
        case .status(let status): "status_\(status)"
        case .tooLong: "too_long"
        case .malformed: "malformed"
        case .busy: "busy"
        case .paused: "paused"
        case .nothingLeft: "nothing_left"
        }
    }
}

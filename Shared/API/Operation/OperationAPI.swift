import Kernel

/// How the system is: what the gateway answers itself, and what it asks each service for that.
package enum OperationAPI {
    package static let health = Endpoint(
        .get, "/api/v1/health", "getHealth", of: .gateway, for: .anyone, gives: HealthAnswer.self,
        says: "Health of the system.", summary: "Whether the system and what it stands on works; 503 when it does not.",
        tag: "Operation", refuses: [.serviceUnavailable], rate: .unlimited)

    /// What a service says of itself to the gateway.
    package static func condition(of service: ServiceName) -> Endpoint<NoInput, Bare<ConditionView>> {
        Endpoint(
            .get, "/internal/condition", "\(service.rawValue)Condition", of: service, for: .services([.gateway]),
            gives: Bare<ConditionView>.self, says: "Condition.",
            summary: "What this process stands on, and whether it is there.",
            tag: "Internal", rate: .unlimited)
    }

    package static let declarations: [Declaration] =
        [health.declaration]
        + ServiceName.allCases.filter { $0 != .gateway }.map { condition(of: $0).declaration }
}

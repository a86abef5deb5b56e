import Forms

/// One thing a process stands on.
package struct DependencyView: View {
    package let name: String
    package let isUp: Bool
    /// Without it the process refuses work; otherwise it only works less well.
    package let isRequired: Bool

    package init(name: String, isUp: Bool, isRequired: Bool) {
        self.name = name
        self.isUp = isUp
        self.isRequired = isRequired
    }

    package static let shape = Shape<DependencyView>(
        "Dependency", .text("name") { $0.name }, .choice("status", ["up", "down"]) { $0.isUp ? "up" : "down" },
        .boolean("required") { $0.isRequired })
}

/// What one process stands on.
package struct ConditionView: View {
    package let dependencies: [DependencyView]

    package init(dependencies: [DependencyView]) { self.dependencies = dependencies }

    package static let shape = Shape<ConditionView>("Condition", .views("dependencies") { $0.dependencies })
}

/// The whole system, from the gateway's side.
package struct HealthView: View {
    /// How the system does: degraded means that something is down which requests can do without.
    package enum Status: String, Sendable, CaseIterable { case healthy, degraded, unhealthy }

    package let status: Status
    /// The services, then what they stand on; a dependency is up when it is for every service that needs it.
    package let checks: [DependencyView]

    package init(status: Status, checks: [DependencyView]) {
        self.status = status
        self.checks = checks
    }

    /// Unhealthy when something required is down, degraded when anything is.
    package init(checks: [DependencyView]) {
        let down = checks.filter { !$0.isUp }
        self.init(
            status: down.isEmpty ? .healthy : down.contains(where: \.isRequired) ? .unhealthy : .degraded,
            checks: checks)
    }

    package static let shape = Shape<HealthView>(
        "Health", .choice("status", Status.allCases.map(\.rawValue)) { $0.status.rawValue },
        .views("checks") { $0.checks })
}

/// The health of the system: 200 while it works, 503 when something it needs is down.
package struct HealthAnswer: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .item, schema: HealthView.shape.schema, schemaName: HealthView.shape.name)
    }
    package let view: HealthView

    package init(_ view: HealthView) { self.view = view }
    package var answered: Answered {
        Answered(
            status: view.status == .unhealthy ? 503 : 200, .item { [view] in HealthView.shape.write(view, to: &$0) })
    }
}

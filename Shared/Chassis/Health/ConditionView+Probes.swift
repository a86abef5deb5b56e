import API

extension ConditionView {
    /// What the probes find now, for the gateway's health page.
    init(of probes: [Probe]) async {
        var dependencies: [DependencyView] = []
        for probe in probes {
            let isUp = (try? await probe.check()) != nil
            dependencies.append(DependencyView(name: probe.name, isUp: isUp, isRequired: probe.weight == .required))
        }
        self.init(dependencies: dependencies)
    }
}

/// Patients, doctors, providers, hospitals and who cares for whom: what registry owns (api.md §3).
package enum RegistryAPI {
    package static let declarations: [Declaration] =
        patients + doctors + mappings + providers + registeredPatients + hospitals + hospitalDoctors + directories
        + adminPatients
}

package import API
package import Chassis
package import Kernel
package import Lifecycle

/// Whoever also knows patients by their phones.
package protocol PatientDirectory: DirectorySource {
    /// Whose phone it is.
    /// - Throws: `service_unavailable` when it cannot be had.
    func patients(
        having phone: PhoneNumber, for origin: Origin, until deadline: Deadline
    ) async throws -> [PatientMatch]
}

extension RegistryDirectory: PatientDirectory {
    package func patients(
        having phone: PhoneNumber, for origin: Origin, until deadline: Deadline
    ) async throws -> [PatientMatch] {
        let answer = try await calls.ask(
            RegistryAPI.lookUpPatients.declaration, body: PatientLookup(phone: phone).json, for: origin,
            until: deadline)
        guard let found = PatientMatchesView(answer) else { throw Problem.unavailable() }
        return found.patients
    }
}

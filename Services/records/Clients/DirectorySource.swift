package import API
package import Chassis
package import Kernel
package import Lifecycle

/// Whoever knows hospitals, doctors and patients by their ids.
package protocol DirectorySource: Sendable {
    /// - Throws: `service_unavailable` when it cannot be had.
    func entries(_ query: DirectoryQuery, for origin: Origin, until deadline: Deadline) async throws -> DirectoryView
    /// Who the origin's caller is in the directory.
    func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView
    /// Whose phone it is.
    func patients(
        having phone: PhoneNumber, for origin: Origin, until deadline: Deadline
    ) async throws -> [PatientMatch]
}

/// Asks registry.
package struct RegistryDirectory: DirectorySource {
    private let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView {
        let answer = try await calls.ask(
            RegistryAPI.directory.declaration, body: query.json, for: origin, until: deadline)
        guard let entries = DirectoryView(answer) else { throw Problem.unavailable() }
        return entries
    }

    package func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        OwnDirectoryView(try await calls.ask(RegistryAPI.directoryMe.declaration, for: origin, until: deadline))
    }

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

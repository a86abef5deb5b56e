package import API
package import Kernel
package import Lifecycle

/// Whoever knows hospitals, departments, doctors and patients by their ids. Asked at each write, so that who was shut
/// out a moment ago is neither booked nor let in.
package protocol DirectorySource: Sendable {
    /// - Throws: `service_unavailable` when it cannot be had.
    func entries(_ query: DirectoryQuery, for origin: Origin, until deadline: Deadline) async throws -> DirectoryView
    /// Who the origin's caller is in the directory.
    func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView
}

/// Asks registry.
package struct RegistryDirectory: DirectorySource {
    package let calls: ServiceClient

    package init(_ calls: ServiceClient) { self.calls = calls }

    package func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView {
        let answer = try await calls.ask(
            RegistryAPI.directory.declaration, body: query.json, for: origin, until: deadline)
        // What cannot be read is an answer that was not had.
        guard let entries = DirectoryView(answer) else { throw Problem.unavailable() }
        return entries
    }

    package func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        OwnDirectoryView(try await calls.ask(RegistryAPI.directoryMe.declaration, for: origin, until: deadline))
    }
}

package import API
package import Chassis
package import Kernel
package import Lifecycle

/// Registry's directory, asked once for all who ask the same of it at one moment: of 200 who want one slot nobody needs
/// an answer of their own about its hospital and doctor. Questions about patients depend on who asks, and pass.
package struct SharedDirectory: DirectorySource {
    private struct Places: Hashable {
        let hospitals: [ID<Hospital>]
        let departments: [ID<Department>]
        let doctors: [ID<Doctor>]
    }

    private let directory: any DirectorySource
    private let work = SharedWork<Places, DirectoryView>()

    package init(_ directory: any DirectorySource) { self.directory = directory }

    package func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView {
        guard query.patients.isEmpty else {
            return try await directory.entries(query, for: origin, until: deadline)
        }
        let places = Places(hospitals: query.hospitals, departments: query.departments, doctors: query.doctors)
        return try await work.value(places, until: deadline) {
            try await directory.entries(query, for: origin, until: deadline)
        }
    }

    package func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        try await directory.me(for: origin, until: deadline)
    }
}

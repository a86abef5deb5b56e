import API
import Chassis
import Kernel
import Lifecycle
import Scheduling

/// Identity's accounts: all are let in but those a test names.
final class GivenAccounts: StandingSource {
    private let shutOut = Locked<Set<ID<Account>>>([])
    func shutOut(_ account: ID<Account>) { _ = shutOut.withLock { $0.insert(account) } }

    func isAdmitted(_ account: ID<Account>, until deadline: Deadline) async throws -> Bool {
        !shutOut.withLock { $0.contains(account) }
    }
}

/// The zones that accounts chose, as a test says.
final class GivenZones: AccountZoneSource {
    struct State {
        var zones: [ID<Account>: String] = [:]
        /// How often a zone was asked for.
        var asked = 0
        var isAway = false
    }

    private let state = Locked(State())
    var asked: Int { state.withLock { $0.asked } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func zone(for origin: Origin, until deadline: Deadline) async throws -> String {
        guard let caller = origin.caller else { throw Problem.notAuthenticated }
        return try state.withLock { state in
            if state.isAway { throw Problem.unavailable() }
            state.asked += 1
            return state.zones[caller.account] ?? "UTC"
        }
    }
}

/// Registry's directory, as a test says it is.
final class GivenDirectory: DirectorySource {
    struct State {
        var hospitals: [HospitalCard] = []
        var departments: [DepartmentCard] = []
        var doctors: [DoctorCard] = []
        var patients: [PatientCard] = []
        /// How often entries were asked for.
        var asked = 0
        var isAway = false
    }

    private let state = Locked(State())
    var seen: State { state.withLock { $0 } }
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func entries(
        _ query: DirectoryQuery, for origin: Origin, until deadline: Deadline
    ) async throws -> DirectoryView {
        let state = try asked()
        return DirectoryView(
            hospitals: state.hospitals.filter { query.hospitals.contains($0.id) },
            departments: state.departments.filter { query.departments.contains($0.id) },
            doctors: state.doctors.filter { query.doctors.contains($0.id) },
            patients: state.patients.filter { query.patients.contains($0.id) })
    }

    func me(for origin: Origin, until deadline: Deadline) async throws -> OwnDirectoryView {
        let state = try asked()
        guard let caller = origin.caller else { throw Problem.notAuthenticated }
        var own = OwnDirectoryView()
        own.patient = state.patients.first { $0.account == caller.account }?.id
        own.doctor = state.doctors.first { $0.account == caller.account }?.id
        own.hospital = state.hospitals.first { $0.account == caller.account }?.id
        return own
    }

    private func asked() throws -> State {
        try state.withLock { state in
            if state.isAway { throw Problem.unavailable() }
            state.asked += 1
            return state
        }
    }
}

import API
package import Chassis
package import Kernel
package import Lifecycle
package import SchedulingDomain

/// The names that visits are shown with: asked of registry in one question for a page, kept for a minute, and forgotten
/// when registry tells of a change.
package final class DirectoryNames: Sendable {
    private struct State {
        var hospitals = NameTable<Hospital>()
        var departments = NameTable<Department>()
        var doctors = NameTable<Doctor>()
        var patients = NameTable<Patient>()
        /// Counts the changes that were told, so that an answer from before one is not kept.
        var generation = 0
    }

    /// Names by id; nil for whom registry does not know.
    package struct Names: Sendable {
        var hospitals: [ID<Hospital>: String] = [:]
        var departments: [ID<Department>: String] = [:]
        var doctors: [ID<Doctor>: String] = [:]
        var patients: [ID<Patient>: String] = [:]
    }

    static let lifetime: Duration = .seconds(60)

    private let directory: any DirectorySource
    private let clock: any WallClock
    private let state = Locked(State())

    package init(directory: any DirectorySource, clock: any WallClock) {
        self.directory = directory
        self.clock = clock
    }

    /// The names of all whom these visits join.
    package func names(
        of parties: [AppointmentParties], for origin: Origin, until deadline: Deadline
    ) async throws -> Names {
        try await names(of: PartyIDs(parties), for: origin, until: deadline)
    }

    /// Where visits take place and with whom, for a calendar.
    package func names(
        ofHospitals hospitals: Set<ID<Hospital>>, doctors: Set<ID<Doctor>>, for origin: Origin,
        until deadline: Deadline
    ) async throws -> Names {
        try await names(of: PartyIDs(hospitals: hospitals, doctors: doctors), for: origin, until: deadline)
    }

    private func names(of ids: PartyIDs, for origin: Origin, until deadline: Deadline) async throws -> Names {
        let now = clock.now
        let (known, missing, generation) = state.withLock { state in
            var names = Names()
            let missing = DirectoryQuery(
                hospitals: state.hospitals.take(ids.hospitals, into: &names.hospitals, at: now),
                departments: state.departments.take(ids.departments, into: &names.departments, at: now),
                doctors: state.doctors.take(ids.doctors, into: &names.doctors, at: now),
                patients: state.patients.take(ids.patients, into: &names.patients, at: now))
            return (names, missing, state.generation)
        }
        var names = known
        for part in missing.parts {
            let answer = try await directory.entries(
                part.naming(hospitals: ids.hospitals), for: origin, until: deadline)
            names = keep(answer, for: part, beside: names, from: generation, at: now)
        }
        return names
    }

    /// Registry told of a change.
    package func forget() {
        state.withLock { state in
            state = State(generation: state.generation + 1)
        }
    }

    private func keep(
        _ answer: DirectoryView, for missing: DirectoryQuery, beside known: Names, from generation: Int,
        at now: Instant
    ) -> Names {
        var names = known
        for card in answer.hospitals { names.hospitals[card.id] = card.name }
        for card in answer.departments { names.departments[card.id] = card.name }
        for card in answer.doctors { names.doctors[card.id] = card.displayName }
        for card in answer.patients { names.patients[card.id] = card.fullName }
        state.withLock { state in
            guard state.generation == generation else { return }
            let until = now + Self.lifetime
            state.hospitals.keep(missing.hospitals, of: names.hospitals, until: until)
            state.departments.keep(missing.departments, of: names.departments, until: until)
            state.doctors.keep(missing.doctors, of: names.doctors, until: until)
            state.patients.keep(missing.patients, of: names.patients, until: until)
        }
        return names
    }
}

/// The ids of whom visits join, each once.
private struct PartyIDs {
    let hospitals: Set<ID<Hospital>>
    let departments: Set<ID<Department>>
    let doctors: Set<ID<Doctor>>
    let patients: Set<ID<Patient>>

    init(hospitals: Set<ID<Hospital>>, doctors: Set<ID<Doctor>>) {
        self.hospitals = hospitals
        departments = []
        self.doctors = doctors
        patients = []
    }

    init(_ parties: [AppointmentParties]) {
        hospitals = Set(parties.map(\.hospital))
        departments = Set(parties.compactMap(\.department))
        doctors = Set(parties.compactMap(\.doctor))
        patients = Set(parties.map(\.patient))
    }
}

/// Names that were asked for, with their end; those of ids that nobody has, too.
private struct NameTable<Entity> {
    private struct Entry {
        let name: String?
        let until: Instant
    }

    private static var limit: Int { 10_000 }

    private var entries: [ID<Entity>: Entry] = [:]

    /// Adds what is known, and gives what is not.
    func take(_ ids: Set<ID<Entity>>, into names: inout [ID<Entity>: String], at now: Instant) -> [ID<Entity>] {
        var missing: [ID<Entity>] = []
        for id in ids {
            if let entry = entries[id], entry.until > now {
                names[id] = entry.name
            } else {
                missing.append(id)
            }
        }
        return missing
    }

    mutating func keep(_ ids: [ID<Entity>], of names: [ID<Entity>: String], until: Instant) {
        if entries.count + ids.count > Self.limit { entries = [:] }
        for id in ids { entries[id] = Entry(name: names[id], until: until) }
    }
}

extension DirectoryQuery {
    /// Questions of at most as many ids as one may have; none where nothing is asked.
    fileprivate var parts: [DirectoryQuery] {
        let longest = [hospitals.count, departments.count, doctors.count, patients.count].reduce(0, max)
        return stride(from: 0, to: longest, by: Self.limit).map { first in
            DirectoryQuery(
                hospitals: Array(hospitals.dropFirst(first).prefix(Self.limit)),
                departments: Array(departments.dropFirst(first).prefix(Self.limit)),
                doctors: Array(doctors.dropFirst(first).prefix(Self.limit)),
                patients: Array(patients.dropFirst(first).prefix(Self.limit)))
        }
    }

    /// Records without an account are found beside the hospital that keeps them alone.
    fileprivate func naming(hospitals: Set<ID<Hospital>>) -> DirectoryQuery {
        DirectoryQuery(
            hospitals: patients.isEmpty ? self.hospitals : Array(hospitals), departments: departments,
            doctors: doctors, patients: patients)
    }
}

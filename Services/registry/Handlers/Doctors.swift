package import API
import Chassis
import Events
import JSON
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// `/api/doctors`: the directory, read by everybody signed in.
package struct Doctors: Sendable {
    let store: DoctorStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock
    private let pages = DirectoryPages()
    private let written = WrittenDoctors()

    init(store: DoctorStore, unit: UnitOfWork, ledger: Ledger, clock: any WallClock) {
        self.store = store
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func create(_ input: DoctorBody, _ call: Call) async throws -> Created<DoctorView> {
        let now = clock.now
        let entry = DoctorEntry(
            id: .make(at: now), creator: try call.requireCaller().account, details: DoctorDetails(input),
            createdAt: now, updatedAt: now)
        return try await unit.write(call) { tx in
            try await store.insert(entry, in: tx)
            try await ledger.record(.doctorCreated(entry.fact), from: call.origin, in: tx)
            return Created(DoctorView(entry), at: "/api/doctors/\(entry.id)", version: entry.version)
        }
    }

    package func list(_ query: DoctorsQuery, _ call: Call) async throws -> WrittenListing<DoctorView> {
        let caller = try call.requireCaller()
        return try await pages.page(query, at: try await store.changes(for: caller)) {
            try await write(query, for: caller)
        }
    }

    private func write(_ query: DoctorsQuery, for caller: Caller) async throws -> WrittenListing<DoctorView> {
        if case .page = query.page.position {
            let page = try await store.stamps(query, for: caller)
            let views = try await written.views(of: page.items) { try await store.find(all: $0, for: caller) }
            if let views {
                return WrittenListing(written: Page(items: views, total: page.total), asked: query.page)
            }
        }
        let page = try await store.list(query, for: caller)
        return WrittenListing(page.map { DoctorView($0) }, asked: query.page)
    }

    package func show(_ input: ByID<Doctor>, _ call: Call) async throws -> Item<DoctorView> {
        guard let entry = try await store.find(input.id, for: try call.requireCaller()) else { throw Problem.notFound }
        return Item(DoctorView(entry), version: entry.version)
    }

    package func replace(_ input: WithID<Doctor, DoctorBody>, _ call: Call) async throws -> Item<DoctorView> {
        try await edit(input.id, call) { _ in DoctorDetails(input.body) }
    }

    package func change(_ input: WithID<Doctor, Patch<DoctorBody>>, _ call: Call) async throws -> Item<DoctorView> {
        try await edit(input.id, call) { details in
            DoctorDetails(try input.body.applied(to: DoctorBody(details).json))
        }
    }

    package func delete(_ input: ByID<Doctor>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let entry = try await locked(input.id, by: caller, call, in: tx)
            if entry.post == nil {
                try await store.remove(entry.id, in: tx)
                try await ledger.record(.doctorDeleted(entry.fact), from: call.origin, in: tx)
            } else {
                let deleted = entry.deleted(at: clock.now)
                try await store.update(deleted, in: tx)
                try await tell(deleted, Event.hospitalDoctorDeleted, else: Event.doctorDeleted, call, in: tx)
            }
            return Done()
        }
    }

    /// A hospital's doctor has events of its own.
    private func tell(
        _ entry: DoctorEntry, _ ofHospital: EventType<HospitalDoctorFact>, else plain: EventType<DoctorFact>,
        _ call: Call, in tx: Transaction
    ) async throws {
        let event = entry.hospitalFact.map { ofHospital($0) } ?? plain(entry.fact)
        try await ledger.record(event, from: call.origin, in: tx)
    }

    private func edit(
        _ id: ID<Doctor>, _ call: Call, _ change: (DoctorDetails) throws -> DoctorDetails
    ) async throws -> Item<DoctorView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let entry = try await locked(id, by: caller, call, in: tx)
            let details = try change(entry.details).kept(inHospitalOf: entry)
            guard let changed = try entry.changed(to: details, at: clock.now) else {
                return Item(DoctorView(entry), version: entry.version)
            }
            try await store.update(changed, in: tx)
            try await tell(changed, Event.hospitalDoctorUpdated, else: Event.doctorUpdated, call, in: tx)
            return Item(DoctorView(changed), version: changed.version)
        }
    }

    /// Not there: 404; not the caller's: 403; changed since: 412.
    private func locked(
        _ id: ID<Doctor>, by caller: Caller, _ call: Call, in tx: Transaction
    ) async throws -> DoctorEntry {
        guard let seen = try await store.find(id, in: tx) else { throw Problem.notFound }
        try seen.mustBeWritable(by: caller)
        guard let entry = try await store.lock(id, in: tx) else { throw Problem.notFound }
        try call.condition.check(entry.version)
        return entry
    }
}

extension DoctorDetails {
    /// A hospital's doctor is at that hospital, whatever an edit of the entry says: its name is the
    /// hospital's to change.
    fileprivate func kept(inHospitalOf entry: DoctorEntry) throws(Problem) -> DoctorDetails {
        guard entry.post != nil else { return self }
        guard hospitalName == nil || hospitalName == entry.details.hospitalName else {
            throw .field("hospital_name", "Is that of the doctor's hospital, and is changed there.")
        }
        var copy = self
        copy.hospitalName = entry.details.hospitalName
        return copy
    }
}

extension DoctorEntry {
    var fact: DoctorFact { DoctorFact(doctor: id) }

    /// Nil of an entry that no hospital made.
    var hospitalFact: HospitalDoctorFact? {
        post.map { HospitalDoctorFact(doctor: id, hospital: $0.hospital, account: $0.account, version: version) }
    }
}

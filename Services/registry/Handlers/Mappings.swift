package import API
import Chassis
import Events
package import Kernel
import Postgres
import RegistryDomain
package import Web

/// `/api/mappings`: which doctors care for a caller's patients.
package struct Mappings: Sendable {
    let store: MappingStore
    let patients: PatientStore
    let doctors: DoctorStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func create(_ input: MappingBody, _ call: Call) async throws -> Created<MappingView> {
        let caller = try call.requireCaller()
        let now = clock.now
        return try await unit.write(call) { tx in
            guard let locked = try await patients.lock(input.patient, for: caller, in: tx) else {
                throw Problem(.notFound, "Patient not found.")
            }
            guard let doctor = try await doctors.find(input.doctor, in: tx), doctor.isActive else {
                throw Problem(.notFound, "Doctor not found.")
            }
            let mapping = CareMapping(
                id: .make(at: now), patient: input.patient, owner: locked.record.owner, tenant: locked.record.tenant,
                doctor: input.doctor, isPrimary: input.isPrimary, notes: input.notes, assignedAt: now)
            try await store.insert(mapping, to: locked, in: tx)
            try await ledger.record(.mappingCreated(mapping.fact), from: call.origin, in: tx)
            return Created(MappingView(mapping, doctor), at: "/api/mappings/detail/\(mapping.id)")
        }
    }

    package func list(_ query: MappingsQuery, _ call: Call) async throws -> Listing<MappingView> {
        let page = try await store.list(query, for: try call.requireCaller())
        return Listing(page.map { MappingView($0) }, asked: query.page)
    }

    package func ofPatient(_ input: ByID<Patient>, _ call: Call) async throws -> Members<PatientDoctors> {
        let caller = try call.requireCaller()
        // Both questions travel in one batch.
        async let shown = store.all(of: input.id, for: caller)
        guard let patient = try await patients.find(input.id, for: caller) else { throw Problem.notFound }
        let name = PatientName(id: patient.id, fullName: patient.details.fullName)
        return Members(PatientDoctors(patient: name, mappings: try await shown.map { MappingView($0) }))
    }

    package func delete(_ input: ByID<Mapping>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard let (patient, doctor) = try await store.remove(input.id, for: caller, in: tx) else {
                throw Problem.notFound
            }
            let fact = MappingFact(
                mapping: input.id, patient: patient, doctor: doctor, tenant: caller.tenant)
            try await ledger.record(.mappingDeleted(fact), from: call.origin, in: tx)
            return Done()
        }
    }
}

extension CareMapping {
    var fact: MappingFact {
        MappingFact(mapping: id, patient: patient, doctor: doctor, tenant: tenant)
    }
}

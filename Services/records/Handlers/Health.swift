package import API
import Chassis
package import Kernel
import Postgres
import RecordsDomain
package import Web

/// `/api/records/patients/{id}/health`: what the patient and their doctors write down, for all who treat them.
package struct Health: Sendable {
    let access: RecordAccess
    let store: PatientHealthStore
    let keys: PatientKeys
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func show(_ input: ByID<Patient>, _ call: Call) async throws -> Item<HealthRecordView> {
        let record = try await access.open(AccessRequest(.readHealth, of: input.id, what: "health"), call)
        return Item.shown(try await store.find(record.patient, as: .service), of: record.patient)
    }

    package func replace(_ input: WithID<Patient, HealthBody>, _ call: Call) async throws -> Item<HealthRecordView> {
        let caller = try call.requireCaller()
        let health = HealthRecord(input.body)
        if let fault = health.contradiction { throw Problem.field("allergies_known", fault) }
        let record = try await access.open(AccessRequest(.writeHealth, of: input.id, what: "health"), call)
        let before = try await store.find(record.patient, as: .service)
        try call.condition.check(before?.version ?? 0)
        let now = clock.now
        let writing = PatientHealthStore.Writing(
            patient: record.patient, account: record.account, by: caller.account, at: now,
            key: try await keys.current(of: record.patient, account: record.account, at: now))
        return try await unit.write(call) { tx in
            try await tx.speak(as: .service)
            let kept = try await store.write(health, after: before?.version ?? 0, writing, in: tx)
            try await access.note(record, call, in: tx)
            try await ledger.note("health_updated", about: "patient/\(record.patient)", from: call.origin, in: tx)
            return Item.shown(kept, of: record.patient)
        }
    }
}

extension Item where Viewed == HealthRecordView {
    fileprivate static func shown(_ kept: PatientHealthStore.Kept?, of patient: ID<Patient>) -> Item {
        Item(
            HealthRecordView(
                patient: patient, allergies: kept?.record.allergies,
                currentMedications: kept?.record.currentMedications, medicalHistory: kept?.record.medicalHistory,
                allergiesKnown: kept?.record.allergiesKnown ?? .unknown, updatedAt: kept?.updatedAt),
            version: kept?.version ?? 0)
    }
}

extension HealthRecord {
    init(_ body: HealthBody) {
        self.init(
            allergies: body.allergies, currentMedications: body.currentMedications,
            medicalHistory: body.medicalHistory, known: body.allergiesKnown)
    }
}

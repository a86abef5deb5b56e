import API
import Chassis
import Kernel
import RecordsDomain
import Web

/// Whom a prescription joins, asked of scheduling and registry at that moment: who was shut out just now prescribes
/// nothing.
struct PrescribingParties: Sendable {
    let access: RecordAccess
    let appointments: any AppointmentSource
    let directory: any DirectorySource

    struct Found: Sendable {
        let record: OpenRecord
        let parties: PrescriptionParties
        let names: PrescriptionNames
        let policy: PrescribingPolicy
        /// The visit it is written for.
        let visit: AppointmentPartiesView?
    }

    func find(_ input: CreatePrescription, by caller: Caller, _ call: Call) async throws -> Found {
        let visit = try await visit(input, by: caller, call)
        guard let patient = visit?.patient ?? input.patient else { throw Problem.internalError }
        let record = try await access.open(
            AccessRequest(.prescribe, of: patient, what: "prescriptions", appointment: visit?.id), call)
        return try await people(record, of: visit, by: caller, call)
    }

    /// Those of an earlier version, as they are called now.
    func find(again former: PrescriptionRecord, by caller: Caller, _ call: Call) async throws -> Found {
        let record = try await access.open(
            AccessRequest(
                .revise, of: former.parties.patient, what: former.subject, author: former.parties.doctorAccount,
                hospital: former.parties.hospital), call)
        let found = try await people(record, of: nil, by: caller, call)
        return Found(
            record: record, parties: former.parties, names: found.names, policy: found.policy, visit: nil)
    }

    /// - Throws: `not_found` for another doctor's, `conflict` for one that is not agreed or did not take place.
    private func visit(
        _ input: CreatePrescription, by caller: Caller, _ call: Call
    ) async throws -> AppointmentPartiesView? {
        guard let id = input.appointment else { return nil }
        guard let visit = try await appointments.appointment(id, for: call.origin, until: call.deadline),
            visit.doctorAccount == caller.account
        else { throw Problem.notFound }
        if let patient = input.patient, patient != visit.patient {
            throw Problem.field("patient_id", "Must be the patient of the appointment, or left out.")
        }
        try PrescribingRules.check(visit.status)
        return visit
    }

    private func people(
        _ record: OpenRecord, of visit: AppointmentPartiesView?, by caller: Caller, _ call: Call
    ) async throws -> Found {
        let me = try await directory.me(for: call.origin, until: call.deadline)
        guard let doctorName = me.displayName else { throw Problem.forbidden }
        let hospital = visit?.hospital ?? me.hospital
        let entries = try await directory.entries(
            DirectoryQuery(hospitals: hospital.map { [$0] } ?? [], patients: [record.patient]), for: call.origin,
            until: call.deadline)
        guard let patient = entries.patients.first else { throw Problem.notFound }
        let place = entries.hospitals.first
        return Found(
            record: record,
            parties: PrescriptionParties(
                patient: patient.id, patientAccount: patient.account, doctor: visit?.doctor ?? me.doctor,
                doctorAccount: caller.account, hospital: hospital, hospitalAccount: place?.account,
                appointment: visit?.id),
            names: PrescriptionNames(patient: patient.fullName, doctor: doctorName, hospital: place?.name),
            policy: place?.prescribingPolicy ?? .warn, visit: visit)
    }
}

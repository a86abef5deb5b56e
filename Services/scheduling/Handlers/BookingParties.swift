import API
import Chassis
import Kernel
import Postgres
import SchedulingDomain
import Web

/// Whom a booking joins, asked of registry at that moment: who was shut out just now is not booked.
struct BookingParties: Sendable {
    let directory: any DirectorySource
    let store: AppointmentStore

    /// The people and places of a booking, and the tenant of the patient's record.
    struct Found: Sendable {
        let parties: AppointmentParties
        let tenant: ID<Tenant>
    }

    /// What registry knows of where a booking is to take place and with whom.
    struct Places: Sendable {
        fileprivate let entries: DirectoryView
        fileprivate let hospital: HospitalCard?
        fileprivate let doctor: DoctorCard?
        /// What is unknown, foreign or shut out.
        let faults: [Problem.FieldFaults]
    }

    func places(
        _ input: BookAppointment, doctor: ID<Doctor>?, by caller: Caller, _ call: Call
    ) async throws -> Places {
        let entries = try await directory.entries(
            DirectoryQuery(
                hospitals: [input.hospital], departments: input.department.map { [$0] } ?? [],
                doctors: doctor.map { [$0] } ?? [],
                patients: caller.role == .hospital ? input.patient.map { [$0] } ?? [] : []),
            for: call.origin, until: call.deadline)
        var faults: [Problem.FieldFaults] = []
        let hospital = entries.hospitals.first { $0.id == input.hospital && $0.isBookable }
        if hospital == nil || caller.role == .hospital && caller.tenant != input.hospital.retyped() {
            faults += Self.unknown("hospital_id", "hospital")
        }
        if let department = input.department,
            !entries.departments.contains(where: {
                $0.id == department && $0.hospital == input.hospital && $0.isActive
            })
        {
            faults += Self.unknown("department_id", "department of this hospital")
        }
        let card = entries.doctors.first { $0.id == doctor }
        if doctor != nil, card?.canSee(visitsOf: input.department, at: input.hospital) != true {
            faults += Self.unknown("doctor_id", "doctor of this hospital or department")
        }
        return Places(entries: entries, hospital: hospital, doctor: card, faults: faults)
    }

    /// - Throws: all that is unknown, foreign or shut out, by its field.
    func find(
        _ input: BookAppointment, in places: Places, by caller: Caller, _ call: Call
    ) async throws -> Found {
        let patient = try await patient(input, places.entries, by: caller, call)
        let faults = (patient == nil ? Self.unknown("patient_id", "patient") : []) + places.faults
        guard faults.isEmpty, let hospital = places.hospital, let patient else { throw Problem.validation(faults) }
        let card = places.doctor
        return Found(
            parties: AppointmentParties(
                hospital: hospital.id, hospitalAccount: hospital.account,
                department: input.department ?? card?.department, doctor: card?.id, doctorAccount: card?.account,
                patient: patient.id, patientAccount: patient.account), tenant: patient.tenant)
    }

    private struct Patient: Sendable {
        let id: ID<Kernel.Patient>
        let account: ID<Account>?
        let tenant: ID<Tenant>
    }

    /// A patient books for themselves; a front desk for a record it keeps or a patient who was there before.
    private func patient(
        _ input: BookAppointment, _ entries: DirectoryView, by caller: Caller, _ call: Call
    ) async throws -> Patient? {
        guard caller.role == .hospital else {
            let own = try await directory.me(for: call.origin, until: call.deadline).patient
            guard let own, input.patient == nil || input.patient == own else { return nil }
            return Patient(id: own, account: caller.account, tenant: caller.tenant)
        }
        guard let card = entries.patients.first(where: { $0.id == input.patient }) else { return nil }
        if card.tenant != caller.tenant {
            let isKnown = try await store.knows(card.id, at: caller.tenant.retyped(), as: Scope(caller))
            if !isKnown { return nil }
        }
        return Patient(id: card.id, account: card.account, tenant: card.tenant)
    }

    private static func unknown(_ field: String, _ what: String) -> [Problem.FieldFaults] {
        Problem.field(field, "There is no such \(what).").errors
    }
}

extension DoctorCard {
    /// Whether a visit of this department (nil: of any) can be given to the doctor.
    func canSee(visitsOf department: ID<Department>?, at hospital: ID<Hospital>) -> Bool {
        isActive && self.hospital == hospital && (department == nil || department == self.department)
    }
}

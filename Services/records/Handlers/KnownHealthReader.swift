import API
import Kernel
import Observability
import Postgres
import RecordsDomain
import Web

/// Reads what is known of a patient's health, here and at registry, for prescribing and for advice. That a part could
/// not be had is told with the rest.
struct KnownHealthReader: Sendable {
    let prescribing: any PrescribingSource
    /// What is written down here.
    let records: PatientHealthStore

    /// - Parameter hospital: where they are treated.
    func health(of patient: ID<Patient>, at hospital: ID<Hospital>?, _ call: Call) async -> KnownHealth {
        var parts: [KnownHealth.Part] = []
        var isComplete = true
        do {
            if let kept = try await records.find(patient, as: .service) { parts.append(KnownHealth.Part(kept.record)) }
        } catch {
            log.warning("medicines are checked without what is written down of the patient's health")
            isComplete = false
        }
        do {
            let view = try await prescribing.health(
                of: patient, at: hospital, for: call.origin, until: call.deadline)
            parts.append(KnownHealth.Part(view))
        } catch {
            log.warning("medicines are checked without what registry knows of the patient")
            isComplete = false
        }
        return KnownHealth(parts: parts, isComplete: isComplete)
    }
}

extension KnownHealth.Part {
    fileprivate init(_ record: HealthRecord) {
        self.init()
        allergies = record.statedAllergies
        currentMedicines = record.currentMedications
        problems = record.medicalHistory
    }

    fileprivate init(_ view: PatientHealthView) {
        self.init()
        allergies = view.allergies
        currentMedicines = view.currentMedications
        problems = view.medicalHistory
        dateOfBirth = view.dateOfBirth
        gender = view.gender
    }
}

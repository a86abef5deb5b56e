import API
import Kernel
import Observability
import Postgres
import RecordsDomain
import Web

/// Checks what is prescribed against all that is known of the patient. What could not be asked is said by a warning,
/// and keeps no doctor from prescribing.
struct PrescribingChecks: Sendable {
    let table: MedicineTable
    let prescribing: any PrescribingSource
    /// What is written down here.
    let records: PatientHealthStore

    func warnings(
        of content: PrescriptionContent, for parties: PrescriptionParties, at now: Instant, _ call: Call
    ) async -> [PrescribingWarning] {
        if content.medicines.isEmpty { return [] }
        let health = await health(of: parties, call)
        return PrescribingCheck.warnings(of: content.medicines, for: health, on: now.date, table)
    }

    private func health(of parties: PrescriptionParties, _ call: Call) async -> KnownHealth {
        var parts: [KnownHealth.Part] = []
        var isComplete = true
        do {
            if let kept = try await records.find(parties.patient, as: .service) {
                parts.append(KnownHealth.Part(kept.record))
            }
        } catch {
            log.warning("medicines were prescribed without what is written down of the patient's health")
            isComplete = false
        }
        do {
            let view = try await prescribing.health(
                of: parties.patient, at: parties.hospital, for: call.origin, until: call.deadline)
            parts.append(KnownHealth.Part(view))
        } catch {
            log.warning("medicines were prescribed without what registry knows of the patient")
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
}

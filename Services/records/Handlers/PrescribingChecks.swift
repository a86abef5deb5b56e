import API
import Kernel
import Observability
import RecordsDomain
import Web

/// Checks what is prescribed against all that is known of the patient. What could not be asked is said by a warning,
/// and keeps no doctor from prescribing.
struct PrescribingChecks: Sendable {
    let table: MedicineTable
    let prescribing: any PrescribingSource

    func warnings(
        of content: PrescriptionContent, for parties: PrescriptionParties, at now: Instant, _ call: Call
    ) async -> [PrescribingWarning] {
        if content.medicines.isEmpty { return [] }
        let health = await health(of: parties, call)
        return PrescribingCheck.warnings(of: content.medicines, for: health, on: now.date, table)
    }

    private func health(of parties: PrescriptionParties, _ call: Call) async -> KnownHealth {
        do {
            let view = try await prescribing.health(
                of: parties.patient, at: parties.hospital, for: call.origin, until: call.deadline)
            return KnownHealth(parts: [KnownHealth.Part(view)], isComplete: true)
        } catch {
            log.warning("medicines were prescribed without what registry knows of the patient")
            return KnownHealth(parts: [], isComplete: false)
        }
    }
}

import API
import Kernel
import RecordsDomain
import Web

/// Checks what is prescribed against all that is known of the patient. What could not be asked is said by a warning,
/// and keeps no doctor from prescribing.
struct PrescribingChecks: Sendable {
    let table: MedicineTable
    let known: KnownHealthReader

    func warnings(
        of content: PrescriptionContent, for parties: PrescriptionParties, at now: Instant, _ call: Call
    ) async -> [PrescribingWarning] {
        if content.medicines.isEmpty { return [] }
        let health = await known.health(of: parties.patient, at: parties.hospital, call)
        return PrescribingCheck.warnings(of: content.medicines, for: health, on: now.date, table)
    }
}

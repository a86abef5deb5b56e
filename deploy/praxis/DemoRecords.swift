import API
import JSON
import Kernel

/// Records of the demonstration's registered patient, put in place as patient, doctor and hospital would: what is known
/// of their health, reports, a prescription, broken glass that the patient ended, and the access log of all that.
struct DemoRecords: Sendable {
    let gateway: GatewayAPI
    /// Tokens of the patient, the hospital, and the doctor: nil where the doctor was there before, whose password was
    /// shown once.
    let patient: String
    let hospital: String
    let doctor: String?
    /// The ids of the patient's record, and of the visit that is prescribed for.
    let record: String
    let visit: String

    /// Answers which id each record has that the documentation's examples name.
    func load() async throws -> [DemoRecord: String] {
        if let doctor { try await fill(doctor) }
        let prescriptions = try await gateway.data(PrescriptionsAPI.list.declaration, as: patient)
        let reports = try await gateway.data(ReportsAPI.mine.declaration, as: patient)
        let grants = try await gateway.data(GrantsAPI.list.declaration, path: [record], as: patient)
        var ids: [DemoRecord: String] = [:]
        // The oldest: what was tried out since is above it.
        ids[DemoRecord(Prescription.self)] = prescriptions.array?.last?["id"]?.string
        ids[DemoRecord(Report.self)] = reports.array?.last?["id"]?.string
        ids[DemoRecord(AccessGrant.self)] = grants.array?.last?["id"]?.string
        return ids
    }

    private func fill(_ doctor: String) async throws {
        _ = try await gateway.data(HealthAPI.replace.declaration, path: [record], body: DemoData.health, as: patient)
        for report in DemoData.reports {
            _ = try await gateway.upload(
                ReportsAPI.upload.declaration, path: [record],
                fields: [("title", report.title), ("report_type", report.type.rawValue)], file: report.file,
                DemoPDF.bytes(saying: report.text), as: patient)
        }
        _ = try await gateway.data(HealthAPI.show.declaration, path: [record], as: doctor)
        _ = try await gateway.data(
            PrescriptionsAPI.create.declaration,
            body: MergePatch.apply(["appointment_id": .string(visit)], to: DemoData.prescription), as: doctor)
        _ = try await gateway.data(PrescriptionsAPI.list.declaration, as: hospital)
        let opened = try await gateway.data(
            GrantsAPI.breakGlass.declaration, path: [record], body: DemoData.breakGlass, as: doctor)
        _ = try await gateway.data(
            PrescriptionsAPI.list.declaration, query: "patient_id=\(record)", as: doctor)
        _ = try await gateway.data(ReportsAPI.ofPatient.declaration, path: [record], as: doctor)
        if let grant = opened["grant_id"]?.string {
            _ = try await gateway.data(GrantsAPI.revoke.declaration, path: [record, grant], as: patient)
        }
    }
}

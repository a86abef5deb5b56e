package import API
import Chassis
package import Kernel
import Lifecycle
import Observability
import Postgres
import RecordsDomain
package import Web

/// A patient's records on one page. Registry and scheduling are asked once each and at the same time; who does not
/// answer within two seconds is named in `incomplete`, and the rest is shown all the same.
package struct Summaries: Sendable {
    let access: RecordAccess
    let appointments: any AppointmentSource
    let prescribing: any PrescribingSource
    let health: PatientHealthStore
    let prescriptions: PrescriptionStore
    let attachments: AttachmentStore
    let reports: ReportStore

    private static let limit: Duration = .seconds(2)

    package func show(_ input: ByID<Patient>, _ call: Call) async throws -> Item<SummaryView> {
        let caller = try call.requireCaller()
        let record = try await access.open(AccessRequest(.readSummary, of: input.id, what: "summary"), call)
        let deadline = min(call.deadline, .after(Self.limit))
        async let known = answered {
            try await prescribing.health(
                of: record.patient, at: caller.hospital, for: call.origin, until: deadline)
        }
        async let visits = answered {
            try await appointments.appointments(
                PatientAppointments(patient: record.patient), for: call.origin, until: deadline)
        }
        let kept = try await kept(of: record.patient, as: record.scope, for: caller)
        return Item(SummaryView(of: record.patient, kept, registry: await known, visits: await visits))
    }

    /// What is kept here.
    struct Kept: Sendable {
        let health: HealthRecord?
        let prescriptions: [PrescriptionRecord]
        let attachments: [ID<Prescription>: [AttachmentRecord]]
        let reports: [ReportRecord]
    }

    private func kept(of patient: ID<Patient>, as scope: Scope, for caller: Caller) async throws -> Kept {
        let newest = PageRequest(position: .after(nil))
        let prescriptions = try await prescriptions.list(.anybody, of: patient, newest, as: scope).items
        return Kept(
            health: try await health.find(patient, as: .service)?.record, prescriptions: prescriptions,
            attachments: try await attachments.of(prescriptions.map(\.id), as: scope),
            reports: try await reports.list(.patient(patient), nil, newest, for: caller).items)
    }

    private func answered<Answer: Sendable>(_ ask: () async throws -> Answer) async -> Answer? {
        do { return try await ask() } catch {
            log.warning("a summary is incomplete", ["error": String(describing: type(of: error))])
            return nil
        }
    }
}

extension SummaryView {
    /// - Parameters:
    ///   - registry: nil where it did not answer.
    ///   - visits: nil where scheduling did not answer.
    init(
        of patient: ID<Patient>, _ kept: Summaries.Kept, registry: PatientHealthView?,
        visits: [AppointmentPartiesView]?
    ) {
        self.init(
            patient: SummaryPatientView(
                id: patient, fullName: registry?.fullName, dateOfBirth: registry?.dateOfBirth,
                gender: registry?.gender),
            allergies: [kept.health?.allergies, registry?.allergies].compactMap(\.self),
            allergiesKnown: Self.allergiesKnown(kept.health, registry),
            medications: [kept.health?.currentMedications, registry?.currentMedications].compactMap(\.self),
            problems: [kept.health?.medicalHistory, registry?.medicalHistory].compactMap(\.self),
            prescriptions: kept.prescriptions.map { PrescriptionView($0, kept.attachments[$0.id] ?? []) },
            reports: kept.reports.map { ReportView($0) },
            appointments: (visits ?? []).map { SummaryAppointmentView($0) },
            incomplete: (registry == nil ? ["patient", "allergies", "medications", "problems"] : [])
                + (visits == nil ? ["appointments"] : []))
    }

    /// An allergy that one of both has written down outweighs that the other knows of none.
    private static func allergiesKnown(_ kept: HealthRecord?, _ registry: PatientHealthView?) -> AllergiesKnown {
        let said = [kept?.allergiesKnown, registry.map { HealthRecord.known(of: $0.allergies) }]
        let strongest: [AllergiesKnown] = [.recorded, .none]
        return strongest.first { said.contains($0) } ?? .unknown
    }
}

extension SummaryAppointmentView {
    init(_ visit: AppointmentPartiesView) {
        self.init(
            id: visit.id, status: visit.status, start: visit.start, doctor: visit.doctor, hospital: visit.hospital)
    }
}

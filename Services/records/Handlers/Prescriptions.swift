package import API
import Chassis
import Crypto
package import Kernel
import Postgres
import RecordsDomain
package import Web

/// `/api/records/prescriptions`: prescriptions as those whom they concern read them. Row-level security says which
/// these are; whoever reads another's leaves an access row before the answer.
package struct Prescriptions: Sendable {
    let store: PrescriptionStore
    let attachments: AttachmentStore
    let access: RecordAccess
    let appointments: any AppointmentSource
    let printer: PrescriptionPrinter

    package func list(_ query: PrescriptionsQuery, _ call: Call) async throws -> Listing<PrescriptionView> {
        let caller = try call.requireCaller()
        // A hospital has those written there, of whomever: a patient it never saw is not told from one nobody knows.
        let isByPatient = caller.role != .hospital
        var scope = Scope(caller)
        if isByPatient, let patient = query.patient {
            scope = try await open(prescriptionsOf: patient, by: caller, call).scope
        }
        let page = try await store.list(Self.owner(query, caller), of: query.patient, query.page, as: scope)
        if query.patient == nil || !isByPatient { try await note(page.items, seenBy: caller, call) }
        return try await listing(page, query.page, as: scope)
    }

    private static func owner(_ query: PrescriptionsQuery, _ caller: Caller) -> PrescriptionStore.Owner {
        switch (caller.role, query.patient) {
        case (.hospital, _): .hospital(caller.tenant.retyped())
        case (.patient, nil): .patient(caller.account)
        case (.doctor, nil): .author(caller.account)
        default: .anybody
        }
    }

    package func show(_ input: ByID<Prescription>, _ call: Call) async throws -> Item<PrescriptionView> {
        let (record, scope) = try await find(input.id, call)
        let files = try await attachments.of([record.id], as: scope)[record.id]
        return Item(
            PrescriptionView(record, files ?? [], status: await status(of: record, call)),
            version: Int64(record.version))
    }

    package func versions(
        _ query: PrescriptionVersionsQuery, _ call: Call
    ) async throws -> Listing<PrescriptionView> {
        let (_, scope) = try await find(query.id, call)
        let page = try await store.versions(of: query.id, query.page, as: scope)
        return try await listing(page, query.page, as: scope)
    }

    package func document(_ query: PrescriptionDocumentQuery, _ call: Call) async throws -> Download {
        let (newest, scope) = try await find(query.id, call)
        var record = newest
        if let version = query.version, version != newest.version {
            guard let older = try await store.version(version, of: query.id, as: scope) else { throw Problem.notFound }
            record = older
        }
        let bytes = try await printer.pdf(of: record.document(newest: newest.version))
        return Download(
            name: "prescription-v\(record.version).pdf", mediaType: "application/pdf", length: bytes.count,
            tag: Hex.encode(Digest.sha256(bytes))
        ) { range, write in
            try await write(Array(bytes[range]))
        }
    }

    package func message(_ input: ByID<Prescription>, _ call: Call) async throws -> Item<PrescriptionMessageView> {
        guard let record = try await store.newest(input.id, as: .service) else { throw Problem.notFound }
        return Item(PrescriptionMessageView(doctorName: record.names.doctor, hospitalName: record.names.hospital))
    }

    private func listing(
        _ page: Page<PrescriptionRecord>, _ asked: PageRequest, as scope: Scope
    ) async throws -> Listing<PrescriptionView> {
        let files = try await attachments.of(page.items.map(\.id), as: scope)
        return Listing(page.map { PrescriptionView($0, files[$0.id] ?? []) }, asked: asked)
    }

    /// The newest version, once its access row is written, and in whose name its others are read.
    func find(_ id: ID<Prescription>, _ call: Call) async throws -> (PrescriptionRecord, Scope) {
        let caller = try call.requireCaller()
        var record = try await store.newest(id, as: Scope(caller))
        // The database shows a doctor nothing by a visit: whose it is decides whether there is one.
        if record == nil, caller.role == .doctor { record = try await store.newest(id, as: .service) }
        guard let record else { throw try await missing(id, to: .readPrescriptions, call) }
        let opened = try await access.open(AccessRequest(reading: record, what: record.subject), call)
        return (record, opened.scope)
    }

    /// What hears whom the database does not show it.
    func missing(_ id: ID<Prescription>, to action: RecordAction, _ call: Call) async throws -> Problem {
        try await access.missing("prescription/\(id)", of: try await store.patient(of: id), to: action, call)
    }

    /// A patient's, asked for by name: whoever wrote some for them reads those without any other right.
    private func open(
        prescriptionsOf patient: ID<Patient>, by caller: Caller, _ call: Call
    ) async throws -> OpenRecord {
        let isAuthor = caller.role == .doctor ? try await store.isAuthor(caller, for: patient) : false
        return try await access.open(
            AccessRequest(
                .readPrescriptions, of: patient, what: "prescriptions", author: isAuthor ? caller.account : nil,
                isOfAll: true), call)
    }

    /// An access row with each patient of a list that was not asked for by patient.
    private func note(_ records: [PrescriptionRecord], seenBy caller: Caller, _ call: Call) async throws {
        if caller.role == .patient { return }
        var noted: Set<ID<Patient>> = []
        for record in records where noted.insert(record.parties.patient).inserted {
            _ = try await access.open(AccessRequest(reading: record, what: "prescriptions"), call)
        }
    }

    /// Nil while scheduling does not answer: the prescription is shown all the same.
    private func status(of record: PrescriptionRecord, _ call: Call) async -> AppointmentStatus? {
        guard let id = record.parties.appointment else { return nil }
        return try? await appointments.appointment(id, for: call.origin, until: call.deadline)?.status
    }
}

extension AccessRequest {
    fileprivate init(reading record: PrescriptionRecord, what: String) {
        self.init(
            .readPrescriptions, of: record.parties.patient, what: what, author: record.parties.doctorAccount,
            hospital: record.parties.hospital)
    }
}

import API
import Chassis
import JSON
import Kernel
import Lifecycle
import Postgres
import Records
import RecordsDomain
import TestSupport
import Testing
import Web

/// Who may do what with one patient's records, endpoint by endpoint; and what the database itself shows to each of them
/// when no statement filters.
struct AccessMatrixTests {
    /// The columns: the patient and another one, and the patient asking about a record that is not there; doctors by
    /// what they have; hospitals, administrators, staff.
    static let columns = [
        "own", "other", "absent", "otp", "glass", "expired", "revoked", "foreign", "visit", "author", "none",
        "hospital", "elsewhere", "admin", "staff",
    ]

    /// A status for each column; `+` is 403 with the ways to a grant. Where a visit opens records the handler alone
    /// decides: the database knows no visits.
    static let table: [(endpoint: String, cells: String)] = [
        ("listPrescriptions", "200 404 404  200 200 + + + 200 200 +  200 200 200 403"),
        ("getPrescription", "200 404 404  200 200 + + + 200 200 +  200 404 200 404"),
        ("listPrescriptionVersions", "200 404 404  200 200 + + + 200 200 +  200 404 200 404"),
        ("getPrescriptionDocument", "200 404 404  200 200 + + + 200 200 +  200 404 200 404"),
        ("listPatientReports", "200 404 404  200 200 + + + 200 + +  403 403 200 403"),
        ("getReport", "200 404 404  200 200 + + + + + +  404 404 200 404"),
        ("downloadReport", "200 404 404  200 200 + + + + + +  404 404 200 404"),
        ("deleteReport", "200 404 404  403 + + + + + + +  404 404 403 404"),
        ("downloadAttachment", "200 404 404  200 200 + + + 200 200 +  200 404 200 404"),
        ("attachToPrescription", "403 404 404  403 403 + + + + 201 +  403 404 403 404"),
        ("getPatientSummary", "200 404 404  200 200 + + + + + +  403 403 403 403"),
        ("getPatientHealth", "200 404 404  200 200 + + + 200 + +  403 403 403 403"),
        ("listAccessRows", "200 404 404  403 403 403 403 403 403 403 403  403 403 200 403"),
        ("listGrants", "200 404 404  403 403 403 403 403 403 403 403  403 403 403 403"),
        ("replacePatientHealth", "200 404 404  200 + + + + 200 + +  403 403 403 403"),
        ("uploadReport", "201 404 404  201 + + + + + + +  403 403 403 403"),
        ("createPrescription", "403 403 403  201 201 + + + + + +  403 403 403 403"),
        ("revisePrescription", "403 404 404  403 403 + + + + 201 +  403 404 403 404"),
        ("breakGlass", "403 403 403  201 201 201 201 201 201 201 201  403 403 403 403"),
    ]

    @Test func `each cell of the table is answered as it says`() async throws {
        try await withWorld { world async throws in
            let matrix = try await Matrix(world)
            for (endpoint, cells) in Self.table {
                let cells = cells.split(separator: " ").map(String.init)
                try #require(cells.count == Self.columns.count, "\(endpoint)")
                for (column, cell) in zip(Self.columns, cells) {
                    #expect(try await matrix.answer(endpoint, column) == cell, "\(endpoint) \(column)")
                }
            }
        }
    }

    @Test(arguments: [
        ("getPrescription", "prescription"), ("getReport", "report"), ("getPatientHealth", "patient_health"),
        ("listAccessRows", "access_row"), ("downloadAttachment", "attachment"), ("downloadAttachment", "stored_file"),
    ])
    func `without any filter the database shows rows to the same people`(endpoint: String, table: String) async throws {
        try await withWorld { world async throws in
            let matrix = try await Matrix(world)
            let cells = try #require(Self.table.first { $0.endpoint == endpoint }).cells.split(separator: " ")
            for (column, cell) in zip(Self.columns, cells) where column != "absent" && column != "visit" {
                #expect(try await matrix.isShown(table, to: column) == (cell == "200"), "\(table) \(column)")
            }
        }
    }

    @Test(arguments: [
        "uploadReport", "deleteReport", "createPrescription", "revisePrescription", "attachToPrescription",
        "breakGlass",
    ])
    func `without any check of ours the database takes rows from the same people`(endpoint: String) async throws {
        try await withWorld { world async throws in
            let matrix = try await Matrix(world)
            let cells = try #require(Self.table.first { $0.endpoint == endpoint }).cells.split(separator: " ")
            for (column, cell) in zip(Self.columns, cells) where column != "absent" && column != "visit" {
                let isAllowed = cell == "200" || cell == "201"
                #expect(try await matrix.isTaken(endpoint, from: column) == isAllowed, "\(column)")
            }
        }
    }

    @Test func `broken glass of a patient who is not there is not found, for every doctor alike`() async throws {
        try await withWorld { world async throws in
            for doctor in [world.emily, world.raj, world.bob] {
                await #expect(throws: Problem.notFound) {
                    _ = try await world.ask(
                        "breakGlass", as: doctor, ["reason": "Found unconscious"],
                        path: ["id": world.noRecord.description])
                }
            }
        }
    }
}

/// A patient with a prescription, a report, health and an access log, and somebody for each column.
private struct Matrix {
    let world: World
    let prescription: String
    let report: String
    let attachment: String
    private let doctors: [String: Caller]

    init(_ world: World) async throws {
        self.world = world
        var doctors = ["author": world.emily]
        for (number, name) in ["otp", "glass", "expired", "revoked", "foreign", "visit", "none"].enumerated() {
            let doctor = World.caller(UInt64(50 + number), .doctor, at: 100)
            world.people.employ(doctor, "Dr. \(name)")
            doctors[name] = doctor
        }
        self.doctors = doctors
        prescription = try await world.prescribe().id
        report = try #require(try await world.upload()["id"]?.string)
        attachment = try #require(try await world.attach(to: prescription)["id"]?.string)
        _ = try await world.write(["allergies": "Penicillin"], as: world.ada)
        // What was written remains to its author; the visit is long over.
        world.people.state.withLock { $0.visits = [] }
        world.people.visit(
            world.adasRecord, of: world.ada, with: try caller("visit"), .confirmed, changed: world.clock.now)
        try await world.grant(.otp, on: world.adasRecord, to: try caller("otp"))
        try await world.grant(.breakGlass, on: world.adasRecord, to: try caller("glass"))
        try await world.grant(.otp, on: world.evesRecord, to: try caller("foreign"))
        let expired = try await world.grant(.otp, on: world.adasRecord, to: try caller("expired"))
        try await world.change(expired, "expires_at = clock_timestamp()")
        let revoked = try await world.grant(.otp, on: world.adasRecord, to: try caller("revoked"))
        try await world.change(revoked, "revoked_at = clock_timestamp()")
    }

    private func caller(_ column: String) throws -> Caller {
        switch column {
        case "own", "absent": world.ada
        case "other": world.eve
        case "hospital": world.hospital
        case "elsewhere": world.otherHospital
        case "admin": world.admin
        case "staff": world.staff
        default: try #require(doctors[column])
        }
    }

    /// The status, or `+` where a grant would open it.
    func answer(_ endpoint: String, _ column: String) async throws -> String {
        do {
            return String(try await status(endpoint, column))
        } catch let problem as Problem {
            return problem.code == .accessRequired ? "+" : String(problem.code.status())
        }
    }

    private func status(_ endpoint: String, _ column: String) async throws -> Int {
        let patient = column == "absent" ? world.noRecord : world.adasRecord
        let unknown = ID<Prescription>(high: 1, low: 1).description
        switch endpoint {
        case "uploadReport": return try await world.upload(as: try caller(column), to: patient).status
        case "attachToPrescription":
            let id = column == "absent" ? unknown : prescription
            return try await world.attach(to: id, as: try caller(column)).status
        case "downloadAttachment":
            let id = column == "absent" ? unknown : attachment
            _ = try await world.attachment(id, of: prescription, as: try caller(column))
            return 200
        case "deleteReport":
            // One of its own each time: who may, takes it away.
            let id = column == "absent" ? unknown : try #require(try await world.upload()["id"]?.string)
            return try await world.hear(endpoint, as: try caller(column), path: id).status
        default: break
        }
        return try await tell(endpoint, column, patient.description).status
    }

    private func tell(_ endpoint: String, _ column: String, _ patient: String) async throws -> World.Told {
        let caller = try caller(column)
        let unknown = column == "absent" ? ID<Prescription>(high: 1, low: 1).description : nil
        let id = unknown ?? (["getReport", "downloadReport"].contains(endpoint) ? report : prescription)
        switch endpoint {
        case "listPrescriptions":
            return try await world.tell(endpoint, as: caller, query: [(name: "patient_id", value: patient)])
        case "getPrescription", "listPrescriptionVersions", "getPrescriptionDocument", "getReport",
            "downloadReport":
            return try await world.tell(endpoint, as: caller, id: id)
        case "createPrescription":
            return try await world.tell(endpoint, as: caller, World.prescription(["patient_id": .string(patient)]))
        case "revisePrescription":
            return try await world.tell(endpoint, as: caller, id: id, World.prescription(), ifMatch: 1)
        case "replacePatientHealth":
            return try await world.tell(endpoint, as: caller, id: patient, ["allergies": "none"])
        case "breakGlass":
            return try await world.tell(endpoint, as: caller, id: patient, ["reason": "Found unconscious"])
        default:
            return try await world.tell(endpoint, as: caller, id: patient)
        }
    }

    /// Whether policies alone show any row of the table.
    func isShown(_ table: String, to column: String) async throws -> Bool {
        try await world.database.read(Column<Bool>("count(*) > 0"), as: Scope(try caller(column))) {
            switch table {
            case "prescription": "select \($0) from prescription"
            case "report": "select \($0) from report"
            case "attachment": "select \($0) from attachment"
            case "patient_health": "select \($0) from patient_health"
            // Reports are shown to fewer than attachments.
            case "stored_file": "select \($0) from stored_file f join attachment a using (file_id)"
            default: "select \($0) from access_row"
            }
        }.one
    }

    private struct Undone: Error {}

    /// Whether policies alone take what the endpoint writes from the caller, as the caller's own; nothing of it stays.
    func isTaken(_ endpoint: String, from column: String) async throws -> Bool {
        let caller = try caller(column)
        let written = try await written(by: endpoint, caller)
        var isTaken = false
        do {
            try await world.database.transaction(as: Scope(caller)) { tx in
                let affected = try await tx.run(written).affected
                throw affected == 1 ? Undone() : CancellationError()
            }
        } catch is Undone {
            isTaken = true
        } catch let error as DatabaseError {
            // By a policy, or by the trigger that keeps versions to their author.
            try #require(["42501", "23001"].contains(error.sqlState), "\(error)")
        } catch is CancellationError {}
        return isTaken
    }

    private func written(by endpoint: String, _ caller: Caller) async throws -> SQL {
        let file = try await world.database.read(Column<ID<StoredFile>>("file_id"), as: .service) {
            "select \($0) from stored_file limit 1"
        }.one
        let (now, me, patient) = (world.clock.now, caller.account, world.adasRecord)
        return switch endpoint {
        case "uploadReport":
            """
            insert into report (report_id, patient_id, patient_account, uploaded_by, uploader_role, report_type, sealed,
                key_version, file_id, created_at)
            values (\(ID<Report>.make(at: now)), \(patient), \(world.ada.account), \(me), \(caller.role), 'lab', '', 1,
                \(file), \(now))
            """
        case "deleteReport": "update report set deleted_at = \(now) where report_id = \(report)::uuid"
        case "attachToPrescription":
            """
            insert into attachment (attachment_id, prescription_id, patient_id, uploaded_by, sealed, key_version,
                file_id, created_at)
            values (\(ID<Kernel.Attachment>.make(at: now)), \(prescription)::uuid, \(patient), \(me), '', 1, \(file), \(now))
            """
        case "breakGlass":
            """
            insert into access_grant (grant_id, patient_id, patient_account, doctor_account, way, expires_at)
            values (\(ID<AccessGrant>.make(at: now)), \(patient), \(world.ada.account), \(me), 'break_glass',
                clock_timestamp() + interval '30 minutes')
            """
        default:
            // A first version of its own, or the next one of the author's.
            """
            insert into prescription (prescription_id, version, patient_id, doctor_account_id, sealed, key_version,
                overridden, created_at)
            values (\(endpoint == "revisePrescription" ? prescription : ID<Prescription>.make(at: now).description)::uuid,
                \(endpoint == "revisePrescription" ? 2 : 1), \(patient), \(me), '', 1, false, \(now))
            """
        }
    }
}

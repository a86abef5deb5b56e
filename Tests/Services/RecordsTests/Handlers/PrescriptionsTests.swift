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

@Suite struct PrescriptionsTests {
    @Test func `patient, author, hospital and administrators read it; for everybody else it is not there`() async throws
    {
        try await withWorld { w in
            let id = try await w.prescribe().id
            for reader in [w.ada, w.emily, w.hospital, w.admin] {
                let shown = try await w.tell("getPrescription", as: reader, id: id)
                #expect(shown["diagnosis"] == "Canarybronchitis" && shown.version == 1)
                #expect(shown["medicines"]?.array?.first?["name"] == "Amoxicillin")
                let list = try await w.tell("listPrescriptions", as: reader)
                #expect(list.json.array?.map { $0["id"]?.string } == [id])
            }
            for (stranger, code) in [
                (w.eve, Problem.Code.notFound), (w.raj, .accessRequired), (w.otherHospital, .notFound),
            ] {
                for name in ["getPrescription", "listPrescriptionVersions", "getPrescriptionDocument"] {
                    #expect(try await w.refused { try await w.tell(name, as: stranger, id: id) }?.code == code)
                }
                #expect(try await w.tell("listPrescriptions", as: stranger).json.array == [])
            }
        }
    }

    @Test func `with the patient's leave a doctor reads what others wrote, to the second it ends`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            let grant = try await w.grant(.otp, on: w.adasRecord, to: w.raj)
            #expect(try await w.tell("getPrescription", as: w.raj, id: id)["diagnosis"] == "Canarybronchitis")
            let query = [(name: "patient_id", value: w.adasRecord.description)]
            #expect(try await w.tell("listPrescriptions", as: w.raj, query: query).json.array?.count == 1)
            #expect(try await w.refused { try await w.revise(id, 1, as: w.raj) }?.code == .forbidden)
            try await w.change(grant, "expires_at = clock_timestamp()")
            #expect(
                try await w.refused { try await w.tell("getPrescription", as: w.raj, id: id) }?.code
                    == .accessRequired)
            let list = try await w.refused { try await w.tell("listPrescriptions", as: w.raj, query: query) }
            #expect(list?.code == .accessRequired)
        }
    }

    @Test func `by a current visit a doctor reads what others wrote for the patient`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            _ = try await w.revise(id, 1)
            w.people.visit(w.adasRecord, of: w.ada, with: w.raj, .confirmed, changed: w.clock.now)
            let query = [(name: "patient_id", value: w.adasRecord.description)]
            let list = try await w.tell("listPrescriptions", as: w.raj, query: query)
            #expect(list.json.array?.map { $0["id"]?.string } == [id])
            #expect(try await w.tell("getPrescription", as: w.raj, id: id)["diagnosis"] == "Canarybronchitis")
            #expect(try await w.tell("listPrescriptionVersions", as: w.raj, id: id).json.array?.count == 2)
            #expect(
                try await w.tell("getPrescriptionDocument", as: w.raj, id: id, query: [(name: "version", value: "1")])
                    .file?.name == "prescription-v1.pdf")
            #expect(try await w.refused { try await w.revise(id, 2, as: w.raj) }?.code != nil)
            #expect(try await w.rows(of: w.adasRecord).contains("prescriptions_read appointment"))
            // What they wrote themselves does not hide the others'.
            _ = try await w.prescribe(
                w.people.visit(w.adasRecord, of: w.ada, with: w.raj, .confirmed, changed: w.clock.now).description,
                as: w.raj)
            let both = try await w.tell("listPrescriptions", as: w.raj, query: query)
            #expect(both.json.array?.count == 2)
        }
    }

    @Test func `versions are read by pages and by cursor, the newest first`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            for version in 1...4 { _ = try await w.revise(id, Int64(version)) }
            var seen: [Int64] = []
            var cursor = ""
            repeat {
                let part = try await w.ask(
                    "listPrescriptionVersions", as: w.ada, path: ["id": id],
                    query: [(name: "cursor", value: cursor), (name: "page_size", value: "2")])
                seen += (part.json.array ?? []).compactMap { $0["version"]?.integer }
                cursor = part.frame?.nextCursor ?? ""
            } while !cursor.isEmpty
            #expect(seen == [5, 4, 3, 2, 1])
            let page = try await w.ask(
                "listPrescriptionVersions", as: w.ada, path: ["id": id],
                query: [(name: "page", value: "3"), (name: "page_size", value: "2")])
            #expect(page.json.array?.compactMap { $0["version"]?.integer } == [1] && page.frame?.total == 5)
        }
    }

    @Test func `a row that does not open is a fault and stands in the trail; no list is shorter for it`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            w.clock.pass(.seconds(1))
            _ = try await w.prescribe()
            let changed = try #require(ID<Prescription>(id))
            try await w.database.run(
                """
                update prescription set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))
                where prescription_id = \(changed)
                """, as: .service)
            for (name, path) in [("listPrescriptions", nil), ("getPrescription", id)] {
                await #expect(throws: BrokenRow("prescription", id)) { _ = try await w.tell(name, as: w.ada, id: path) }
            }
            #expect(try await w.trail().filter { $0 == "row_unreadable" }.count == 2)
        }
    }

    @Test func `whoever reads another's leaves an access row, and the patient none`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            #expect(try await w.rows(of: w.adasRecord) == ["prescription_created appointment"])
            _ = try await w.tell("getPrescription", as: w.ada, id: id)
            #expect(try await w.rows(of: w.adasRecord).count == 1)
            _ = try await w.tell("getPrescription", as: w.hospital, id: id)
            _ = try await w.tell("listPrescriptions", as: w.admin)
            _ = try await w.tell("getPrescription", as: w.emily, id: id)
            #expect(
                try await w.rows(of: w.adasRecord).sorted() == [
                    "prescription_created appointment", "prescriptions_read admin", "prescriptions_read author",
                    "prescriptions_read hospital",
                ])
        }
    }

    @Test func `a list has the newest versions, of one patient where that is asked`() async throws {
        try await withWorld { w in
            let first = try await w.prescribe().id
            w.clock.pass(.seconds(60))
            let second = try await w.prescribe().id
            _ = try await w.revise(first, 1)
            let list = try await w.tell("listPrescriptions", as: w.ada).json.array ?? []
            #expect(list.map { $0["id"]?.string } == [second, first])
            #expect(list.map { $0["version"]?.integer } == [1, 2])
            let of = { (patient: ID<Patient>) in [(name: "patient_id", value: patient.description)] }
            let hers = try await w.tell("listPrescriptions", as: w.emily, query: of(w.adasRecord))
            #expect(hers.json.array?.count == 2)
            let problem = try await w.refused {
                try await w.tell("listPrescriptions", as: w.raj, query: of(w.adasRecord))
            }
            #expect(problem?.code == .accessRequired)
        }
    }

    @Test func `a document is a PDF of the version asked for, which says what has superseded it`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            _ = try await w.revise(id, 1)
            for query in [[], [(name: "version", value: "1")]] {
                let file = try #require(
                    try await w.tell("getPrescriptionDocument", as: w.ada, id: id, query: query).file)
                #expect(file.mediaType == "application/pdf")
                #expect(file.name == (query.isEmpty ? "prescription-v2.pdf" : "prescription-v1.pdf"))
                let bytes = Locked<[UInt8]>([])
                try await file.read(0..<file.length) { part in bytes.withLock { $0 += part } }
                #expect(bytes.withLock { $0.starts(with: Array("%PDF-".utf8)) && $0.count == file.length })
            }
            let unknown = try await w.refused {
                try await w.tell("getPrescriptionDocument", as: w.ada, id: id, query: [(name: "version", value: "9")])
            }
            #expect(unknown?.code == .notFound)
        }
    }

    @Test func `a message about it names doctor and hospital alone`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            let told = try await w.tell("prescriptionMessage", as: nil, id: id)
            #expect(told["doctor_name"] == "Dr. Emily Chen" && told["hospital_name"] == "City Care")
            #expect(told.json.object?.count == 2)
        }
    }

    @Test(arguments: [
        "update prescription set sealed = ''", "update prescription set version = 9", "delete from prescription",
        "truncate prescription",
    ])
    func `a version is never changed, whoever asks the database`(statement: String) async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            // The script fails where the statement does not.
            w.home.script(
                """
                set search_path to records;
                do $$ begin \(statement); raise exception 'changed'; exception when restrict_violation then null; end $$
                """)
            #expect(try await w.tell("getPrescription", as: w.ada, id: id)["version"]?.integer == 1)
        }
    }

    @Test func `no table, event or audit row has a name or a diagnosis in the clear`() async throws {
        try await withWorld { w in
            _ = try await w.prescribe()
            let tables: [SQL] = ["prescription", "outbox", "audit_entry", "access_row"]
            for table in tables {
                let text =
                    try await w.database.read(Column<String?>("string_agg(t::text, '')"), as: Scope(w.admin)) {
                        "select \($0) from \(sql: table) t"
                    }.first ?? nil
                #expect(text?.contains("Canary") != true && text?.contains("Lovelace") != true)
            }
        }
    }
}

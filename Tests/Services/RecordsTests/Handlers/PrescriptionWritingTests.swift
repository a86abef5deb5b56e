import API
import Chassis
import JSON
import Kernel
import Lifecycle
import Postgres
import RecordsDomain
import Testing

@Suite struct PrescriptionWritingTests {
    @Test func `a doctor prescribes for a visit, which is over when the answer leaves`() async throws {
        try await withWorld { w in
            let made = try await w.prescribe()
            #expect(made.status == 201 && made["appointment_status"] == "COMPLETED" && made.version == 1)
            #expect(made.location == "/api/records/prescriptions/\(made.id)")
            #expect(made["patient_name"] == "Ada Lovelace" && made["doctor_name"] == "Dr. Emily Chen")
            #expect(made["hospital_name"] == "City Care" && made["version"]?.integer == 1)
            #expect(made["warnings"]?.array == [])
            #expect(w.prescribing.seen.completed.map(\.description) == [made.id])
            #expect(try await w.events() == ["records.prescription_created.v1"])
            #expect(try await w.trail() == ["prescription_created"])
        }
    }

    @Test func `where scheduling does not answer, the prescription stands and its event ends the visit`() async throws {
        try await withWorld { w in
            w.prescribing.set { $0.isSchedulingAway = true }
            let made = try await w.prescribe(w.visit(.checkedIn))
            #expect(made.status == 201 && made["appointment_status"] == "CHECKED_IN")
            #expect(try await w.events() == ["records.prescription_created.v1"])
        }
    }

    @Test func `a second prescription of a visit is allowed, and asks nothing of scheduling`() async throws {
        try await withWorld { w in
            let made = try await w.prescribe(w.visit(.completed))
            #expect(made.status == 201 && made["appointment_status"] == "COMPLETED")
            #expect(w.prescribing.seen.completed.isEmpty)
        }
    }

    @Test func `another doctor's visit is not revealed, and a request is no visit yet`() async throws {
        try await withWorld { w in
            let another = try await w.refused { try await w.prescribe(w.visit(), as: w.raj) }
            #expect(another?.code == .notFound)
            let unknown = try await w.refused { try await w.prescribe(ID<Appointment>(high: 1, low: 1).description) }
            #expect(unknown?.code == .notFound)
            let requested = try await w.refused { try await w.prescribe(w.visit(.requested)) }
            #expect(requested?.code == .conflict)
            #expect(try await w.events().isEmpty)
        }
    }

    @Test func `without a visit a doctor needs a right to the patient's records, whether the patient exists or not`()
        async throws
    {
        try await withWorld { w in
            for patient in [w.adasRecord, ID(high: 1, low: 1)] {
                let problem = try await w.refused {
                    try await w.tell(
                        "createPrescription", as: w.emily,
                        World.prescription(["patient_id": .string(patient.description)]))
                }
                #expect(problem?.code == .accessRequired)
                #expect(problem?.details["ways"] == .texts(["otp", "break_glass"]))
            }
        }
    }

    @Test func `a grant that ends while the checks run is missing, and is no fault of ours`() async throws {
        try await withWorld { w in
            let grant = try await w.grant(.otp, on: w.adasRecord, to: w.raj)
            w.prescribing.set { state in
                state.meanwhile = { try await w.change(grant, "expires_at = clock_timestamp()") }
            }
            let problem = try await w.refused {
                try await w.tell(
                    "createPrescription", as: w.raj,
                    World.prescription(["patient_id": .string(w.adasRecord.description)]))
            }
            #expect(problem == .accessRequired([.otp, .breakGlass]))
        }
    }

    @Test(arguments: GrantWay.allCases)
    func `with the patient's leave, or the glass broken, a doctor prescribes without a visit`(
        way: GrantWay
    ) async throws {
        try await withWorld { w in
            let grant = try await w.grant(way, on: w.adasRecord, to: w.raj)
            let body = World.prescription(["patient_id": .string(w.adasRecord.description)])
            let made = try await w.tell("createPrescription", as: w.raj, body)
            #expect(made.status == 201 && made["appointment_id"] == .null && made["appointment_status"] == .null)
            let basis = way == .otp ? "otp_grant" : "break_glass"
            #expect(try await w.rows(of: w.adasRecord) == ["prescription_created \(basis)"])
            try await w.change(grant, "revoked_at = now()")
            let refused = try await w.refused { try await w.tell("createPrescription", as: w.raj, body) }
            #expect(refused?.code == .accessRequired)
            #expect(try await w.refused { try await w.revise(made.id, 1, as: w.raj) } == nil)
        }
    }

    @Test func `a grant that ends between the check and the writing keeps the prescription out`() async throws {
        try await withWorld { w in
            let id = ID<Prescription>.make(at: w.clock.now)
            await #expect(throws: (any Error).self) {
                try await w.database.run(
                    """
                    insert into prescription (prescription_id, version, patient_id, doctor_account_id, sealed,
                        key_version, overridden, created_at)
                    values (\(id), 1, \(w.adasRecord), \(w.raj.account), '', 1, false, \(w.clock.now))
                    """, as: Scope(w.raj))
            }
        }
    }

    @Test func `all that is wrong is told at once, by its path`() async throws {
        try await withWorld { w in
            let problem = try await w.refused {
                try await w.tell(
                    "createPrescription", as: w.emily,
                    [
                        "diagnosis": "\u{200B}", "medicines": [["name": "", "dosage": "1"], "text"],
                        "follow_up_date": "2027-02-30", "override_reason": "short",
                    ])
            }
            #expect(
                Set(problem?.errors.map(\.field) ?? []) == [
                    "appointment_id", "diagnosis", "medicines[0].name", "medicines[0].frequency",
                    "medicines[0].duration", "medicines[1]", "follow_up_date", "override_reason",
                ])
            let empty = try await w.refused { try await w.prescribe(w.visit(), ["medicines": []]) }
            #expect(empty?.errors.map(\.field) == ["medicines"])
            let notes = try await w.prescribe(w.visit(), ["medicines": [], "notes": "Rest."])
            #expect(notes.status == 201)
        }
    }

    @Test func `what registry knows of the patient is checked, and what could not be asked is said`() async throws {
        try await withWorld { w in
            w.prescribing.set { $0.health.allergies = "Penicillin" }
            let warned = try await w.prescribe()
            #expect(warned.codes == ["allergy"])
            #expect(try await w.tell("getPrescription", as: w.ada, id: warned.id).codes == ["allergy"])
            w.prescribing.set { $0.isRegistryAway = true }
            let unchecked = try await w.prescribe()
            #expect(unchecked.status == 201 && unchecked.codes.contains("check_incomplete"))
            #expect(unchecked["warnings"]?.array?.first?["severity"] == "moderate")
        }
    }

    @Test func `what is written down of the patient and does not open is said, and the doctor prescribes`()
        async throws
    {
        try await withWorld { w in
            _ = try await w.write(["allergies": "Penicillin"], as: w.ada)
            #expect(try await w.prescribe().codes.contains("allergy"))
            try await w.database.run(
                "update patient_health set sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40))", as: .service)
            let unchecked = try await w.prescribe()
            #expect(unchecked.status == 201 && unchecked.codes == ["check_incomplete"])
            #expect(unchecked["warnings"]?.array?.first?["severity"] == "moderate")
        }
    }

    @Test func `where the hospital wants a reason, a severe warning without one keeps nothing`() async throws {
        try await withWorld { w in
            w.people.want(.requireReason, at: w.hospital)
            w.prescribing.set { $0.health.allergies = "Penicillin" }
            let visit = w.visit()
            let refused = try await w.refused { try await w.prescribe(visit) }
            #expect(refused?.code == .overrideRequired)
            guard case .list(let warnings)? = refused?.details["warnings"], case .object(let told)? = warnings.first
            else {
                Issue.record("no warnings")
                return
            }
            #expect(told["code"] == .text("allergy") && told["severity"] == .text("severe"))
            #expect(try await w.events().isEmpty && w.prescribing.seen.completed.isEmpty)
            let reason = "No other antibiotic is left for this patient."
            let made = try await w.prescribe(visit, ["override_reason": .string(reason)])
            #expect(made.status == 201 && made["override_reason"] == .string(reason))
            #expect(try await w.trail() == ["prescription_created", "prescription_overridden"])
        }
    }

    @Test func `a repeated request gets its first answer, and nobody is asked twice`() async throws {
        try await withWorld { w in
            let visit = w.visit()
            _ = try await w.prescribe(visit, key: "once")
            let asked = w.people.state.withLock { $0.asked }
            await #expect(throws: (any Error).self) { _ = try await w.prescribe(visit, key: "once") }
            #expect(w.people.state.withLock { $0.asked } == asked && w.prescribing.seen.completed.count == 1)
            #expect(try await w.events().count == 1)
        }
    }

    @Test func `a revision is another version by the author, on top of the one they name`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            #expect(try await w.refused { try await w.revise(id, nil) }?.code == .preconditionRequired)
            #expect(try await w.refused { try await w.revise(id, 2) }?.code == .preconditionFailed)
            #expect(try await w.refused { try await w.revise(id, 1, as: w.raj) }?.code == .accessRequired)
            let revised = try await w.revise(id, 1, ["diagnosis": "Pneumonia"])
            #expect(revised.status == 201 && revised.id == id && revised.version == 2)
            #expect(try await w.refused { try await w.revise(id, 1) }?.code == .preconditionFailed)
            #expect(try await w.tell("getPrescription", as: w.ada, id: id)["diagnosis"] == "Pneumonia")
            let versions = try await w.tell("listPrescriptionVersions", as: w.ada, id: id).json.array ?? []
            #expect(versions.map { $0["version"]?.integer } == [2, 1])
            #expect(versions.last?["diagnosis"] == "Canarybronchitis")
            #expect(
                try await w.events() == ["records.prescription_created.v1", "records.prescription_revised.v1"])
            #expect(try await w.trail().contains("prescription_revised"))
        }
    }

    @Test func `of two who revise one version at once one is kept, and the other told`() async throws {
        try await withWorld { w in
            let id = try await w.prescribe().id
            async let one = w.refused { try await w.revise(id, 1) }
            async let other = w.refused { try await w.revise(id, 1) }
            let codes = try await [one?.code, other?.code]
            #expect(codes.filter { $0 == nil }.count == 1 && codes.contains(.preconditionFailed))
            #expect(try await w.tell("listPrescriptionVersions", as: w.emily, id: id).json.array?.count == 2)
        }
    }
}

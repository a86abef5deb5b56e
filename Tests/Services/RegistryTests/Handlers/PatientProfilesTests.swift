import API
import Events
import JSON
import Kernel
import Postgres
import Registry
import Testing

/// A registered patient and their account.
private func withPatient(
    _ changes: [String: JSONValue?] = [:],
    _ body: @escaping @Sendable (World, _ id: String, _ own: Caller) async throws -> Void
) async throws {
    try await withWorld { w in
        let id = try #require(try await w.registerPatient(changes)["patient_id"]?.string)
        try await body(w, id, w.patient(try #require(w.accounts.seen.opened.first)))
    }
}

@Suite struct PatientProfilesTests {
    @Test func `a profile says all that was registered in the words it was registered in`() async throws {
        try await withPatient(["medical_history": ["Asthma", "Appendectomy 2011"]]) { w, id, own in
            let shown = try await w.ask("getPatientProfile", as: own, id: id)
            for member in try World.applicant().object ?? [] where !member.key.contains("password") {
                #expect(shown[member.key] == member.value, "\(member.key)")
            }
            #expect(shown["medical_history"] == ["Asthma", "Appendectomy 2011"])
            #expect(shown["id"]?.string == id && shown["patient_id"]?.string == id)
            #expect(shown["email_verified"] == false && shown["phone_verified"] == false && shown["is_active"] == true)
            #expect(shown["created_at"]?.string == w.clock.now.rfc3339 && shown["updated_at"] == shown["created_at"])
            #expect(!(shown.json.object ?? []).contains { $0.key.contains("password") })
        }
    }

    @Test func `what is optional may be left out, and is nothing then`() async throws {
        let changes: [String: JSONValue?] = [
            "emergency_contact": .some(nil), "insurance_info": ["provider": "", "policy_number": nil],
            "medical_history": [], "gender": "Prefer_Not_To_Say",
        ]
        try await withPatient(changes) { w, id, own in
            let shown = try await w.ask("getPatientProfile", as: own, id: id)
            #expect(shown["emergency_contact"] == .null && shown["insurance_info"] == .null)
            #expect(shown["medical_history"] == [] && shown["gender"] == "prefer_not_to_say")
        }
    }

    @Test func `to others it does not exist, and an administrator's reading is noted`() async throws {
        try await withPatient { w, id, own in
            let doctor = Fixture.caller(4, .doctor)
            let another = Fixture.caller(5, .patient)
            for caller in [w.alice, doctor, another] {
                await #expect(throws: Problem.notFound) { try await w.ask("getPatientProfile", as: caller, id: id) }
            }
            _ = try await w.ask("getPatientProfile", as: own, id: id)
            let shown = try await w.ask("getPatientProfile", as: w.admin, id: id)
            #expect(shown["email"] == "jane.smith@email.com")
            let read = try await w.database.read(Column<String>("subject || ' ' || actor_id")) {
                "select \($0) from audit_entry where action = 'patient.profile_read'"
            }
            #expect(read == ["patient/\(id) \(w.admin.account)"])
            await #expect(throws: Problem.notFound) {
                try await w.ask("getPatientProfile", as: w.admin, id: ID<Patient>.make(at: w.clock.now).description)
            }
        }
    }

    @Test func `a record that a keeper made has no profile, not even for an administrator`() async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", World.jane)
            for caller in [w.alice, w.admin] {
                await #expect(throws: Problem.notFound) {
                    try await w.ask("getPatientProfile", as: caller, id: made.id)
                }
            }
        }
    }

    @Test func `what identity tells of the account is seen in the profile`() async throws {
        try await withPatient { w, id, own in
            let first = try await w.ask("getPatientProfile", as: own, id: id)
            w.clock.pass(.seconds(60))
            let fact = AccountFact(account: own.account, role: .patient)
            let standing = StandingFact(account: own.account, role: .patient, version: 2)
            for event in [Event.emailVerified(fact), .phoneVerified(fact), .accountDeactivated(standing)] {
                let envelope = EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
                try await w.database.transaction { tx in try await w.reaction.react(envelope, in: tx) }
            }
            let shown = try await w.ask("getPatientProfile", as: w.admin, id: id)
            #expect(shown["email_verified"] == true && shown["phone_verified"] == true && shown["is_active"] == false)
            #expect(shown["updated_at"]?.string == w.clock.now.rfc3339 && shown["created_at"] == first["created_at"])
            let (old, new) = (try #require(first.version), try #require(shown.version))
            #expect(new > old)
        }
    }
}

@Suite struct OwnRecordTests {
    @Test func `the account keeps its own record at the routes of seeds 001 and 002, in their words`() async throws {
        try await withPatient(["medical_history": ["Asthma", "Two\nlines"]]) { w, id, own in
            let shown = try await w.ask("getPatient", as: own, id: id)
            #expect(shown["gender"] == "F" && shown["address"] == "456 Main Street" && shown["city"] == "Boston")
            #expect(shown["medical_history"] == "Asthma\nTwo\nlines" && shown["phone"] == "+1234567890")
            #expect(shown["emergency_contact_name"] == "John Smith")
            #expect(try await w.ask("listPatients", as: own, query: [("search", "smith")]).frame?.total == 1)
            for caller in [w.alice, w.admin] {
                await #expect(throws: Problem.notFound) { try await w.ask("getPatient", as: caller, id: id) }
            }
        }
    }

    @Test func `what those routes have no words for outlives their PUT and PATCH`() async throws {
        try await withPatient(["medical_history": ["Asthma", "Two\nlines"]]) { w, id, own in
            let before = try await w.ask("getPatientProfile", as: own, id: id)
            _ = try await w.ask("changePatient", as: own, id: id, ["blood_group": "O+"])
            let seen = try await w.ask("getPatient", as: own, id: id)
            _ = try await w.ask("replacePatient", as: own, id: id, seen.json)
            let after = try await w.ask("getPatientProfile", as: own, id: id)
            for key in ["address", "emergency_contact", "medical_history", "insurance_info", "gender"] {
                #expect(after[key] == before[key], "\(key)")
            }
            let changes: JSONValue = ["medical_history": "Asthma\n\n Diabetes ", "emergency_contact_name": nil]
            let changed = try await w.ask("changePatient", as: own, id: id, changes)
            #expect(changed["medical_history"] == "Asthma\n\n Diabetes")
            let profile = try await w.ask("getPatientProfile", as: own, id: id)
            #expect(profile["medical_history"] == ["Asthma", "Diabetes"])
            #expect(profile["emergency_contact"]?["relationship"] == "spouse")
            _ = try await w.ask("changePatient", as: own, id: id, ["emergency_contact_phone": nil])
            // Nobody is left whose spouse somebody could be.
            #expect(try await w.ask("getPatientProfile", as: own, id: id)["emergency_contact"] == .null)
        }
    }

    @Test func `email and phone are the account's and are not changed there`() async throws {
        try await withPatient { w, id, own in
            let problem = await #expect(throws: Problem.self) {
                try await w.ask("replacePatient", as: own, id: id, ["first_name": "Jane", "last_name": "Smith"])
            }
            #expect(problem?.errors.map(\.field) == ["email", "phone"])
            let same: JSONValue = ["email": "Jane.Smith@email.com", "phone": "1234567890", "city": "Salem"]
            let moved = try await w.ask("changePatient", as: own, id: id, same)
            #expect(moved["city"] == "Salem")
        }
    }

    @Test func `a patient says who of the directory cares for them`() async throws {
        try await withPatient { w, id, own in
            let doctor = try await w.ask("createDoctor", World.example(DoctorBody.self))
            _ = try await w.ask("createMapping", as: own, ["patient": .string(id), "doctor": .string(doctor.id)])
            let doctors = try await w.ask("getPatientDoctors", as: own, id: id)
            #expect(doctors["count"] == 1 && doctors["patient"]?["full_name"] == "Jane Smith")
            // An entry has no account that could read the profile; whoever added it is somebody else.
            await #expect(throws: Problem.notFound) { try await w.ask("getPatientProfile", as: w.alice, id: id) }
        }
    }

    @Test func `the record stays as long as the account does`() async throws {
        try await withPatient { w, id, own in
            await #expect(throws: PatientStore.isRegistered) { try await w.ask("deletePatient", as: own, id: id) }
            let child = try await w.ask("createPatient", as: own, World.jane)
            _ = try await w.ask("deletePatient", as: own, id: child.id)
            #expect(try await w.ask("getPatientProfile", as: own, id: id).status == 200)
        }
    }

    @Test func `nobody can make a record somebody's own, or call it proven`() async throws {
        try await withPatient { w, id, own in
            let scope = Scope(account: w.alice.account.description, role: "staff")
            await #expect(throws: DatabaseError.self) {
                try await w.database.run(
                    """
                    insert into patient_registration select patient_id, account_id, 'a', 'b', false, false, true, 1, now()
                    from patient_registration
                    """, as: scope)
            }
            let told = try await w.database.run("update patient_registration set phone_verified = true", as: scope)
            #expect(told.affected == 0)
            #expect(try await w.ask("getPatientProfile", as: own, id: id)["phone_verified"] == false)
        }
    }
}

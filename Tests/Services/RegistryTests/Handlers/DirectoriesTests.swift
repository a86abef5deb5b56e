import API
import JSON
import Kernel
import Postgres
import Registry
import Testing

@Suite struct DirectoryTests {
    @Test func `names and standing come by id, in one answer; who is unknown is left out`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let registered = try #require(try await w.registerPatient()["patient_id"]?.string)
            let patient = w.patient(try #require(w.accounts.seen.opened.last))
            let kept = try await w.ask("createPatient", as: own, World.jane)
            let elsewhere = try await w.ask("createPatient", as: w.alice, World.jane)
            let unknown = "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"
            let query: JSONValue = [
                "hospital_ids": [.string(id), .string(unknown)], "department_ids": [.string(department)],
                "doctor_ids": [.string(doctor.id), .string(unknown)],
                "patient_ids": [.string(registered), .string(kept.id), .string(elsewhere.id), .string(unknown)],
            ]
            let answer = try #require(DirectoryView(try await w.ask("directory", query, anonymous: true).json))
            #expect(answer.hospitals.map(\.id.description) == [id] && answer.hospitals.first?.isActive == true)
            #expect(answer.hospitals.first?.account == own.account)
            #expect(answer.hospitals.first?.prescribingPolicy == .warn)
            #expect(answer.departments.map(\.name) == ["Cardiology"])
            #expect(answer.doctors.map(\.displayName) == ["Dr. Ali Khan"])
            #expect(answer.doctors.first?.hospital?.description == id)
            let cards = Dictionary(uniqueKeysWithValues: answer.patients.map { ($0.id.description, $0) })
            #expect(Set(cards.keys) == [registered, kept.id])
            #expect(cards[registered]?.account == patient.account && cards[registered]?.keeper == patient.account)
            #expect(cards[kept.id]?.account == nil && cards[kept.id]?.keeper == own.account)
            #expect(cards[kept.id]?.fullName == "Jane Smith" && cards[kept.id]?.tenant == own.tenant)
        }
    }

    @Test func `hospitals' doctors and providers have their names by account`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            _ = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let doctor = try #require(w.accounts.seen.opened.last)
            _ = try await w.registerProvider()
            let provider = try #require(w.accounts.seen.opened.last)
            let query = DirectoryQuery(professionals: [doctor, provider, own.account])
            let answer = try #require(DirectoryView(try await w.ask("directory", query.json, anonymous: true).json))
            let names = Dictionary(uniqueKeysWithValues: answer.professionals.map { ($0.account, $0.displayName) })
            #expect(names.count == 2 && names[doctor] == "Dr. Ali Khan")
            #expect(names[provider]?.hasPrefix("Dr. ") == true)
        }
    }

    @Test func `a caller learns which record, entry or hospital is theirs`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let made = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let doctor = Caller(
                account: try #require(w.accounts.seen.opened.last), role: .doctor, tenant: own.tenant,
                session: ID(high: 0xB, low: 2))
            let registered = try #require(try await w.registerPatient()["patient_id"]?.string)
            let patient = w.patient(try #require(w.accounts.seen.opened.last))
            let hospital = OwnDirectoryView(try await w.ask("directoryMe", as: own).json)
            #expect(hospital.hospital?.description == id && hospital.hospitalStatus == .approved)
            #expect(hospital.doctor == nil && hospital.patient == nil)
            let entry = OwnDirectoryView(try await w.ask("directoryMe", as: doctor).json)
            #expect(entry.doctor?.description == made.id && entry.department?.description == department)
            #expect(entry.hospital?.description == id && entry.displayName == "Dr. Ali Khan")
            let record = OwnDirectoryView(try await w.ask("directoryMe", as: patient).json)
            #expect(record.patient?.description == registered && record.hospital == nil)
            #expect(OwnDirectoryView(try await w.ask("directoryMe", as: w.alice).json) == OwnDirectoryView())
        }
    }

    @Test func `a hospital's prescribing policy is what it set last`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            _ = try await w.ask("changeHospital", as: own, id: id, ["prescribing_policy": "require_reason"])
            let answer = try await w.ask("directory", ["hospital_ids": [.string(id)]])
            #expect(DirectoryView(answer.json)?.hospitals.first?.prescribingPolicy == .requireReason)
        }
    }

    @Test func `a record whose key does not open keeps no other from the directory`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let second = Caller(
                account: ID(high: 0xA, low: 99), role: .hospital, tenant: own.tenant, session: own.session)
            let whole = try await w.ask("createPatient", as: own, World.jane)
            let broken = try await w.ask("createPatient", as: second, World.jane)
            try await w.database.run(
                "update data_key set wrapped = '\\x00' where owner_id = \(second.account)",
                as: Fixture.scope(of: second))
            let ids: JSONValue = ["patient_ids": [.string(whole.id), .string(broken.id)]]
            let cards = try await w.ask("directory", as: own, ids)["patients"]?.array
            #expect(cards?.compactMap { $0["id"]?.string } == [whole.id])
        }
    }

    @Test func `a phone is its registered patient's, and that of records the caller's tenant keeps`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let registered = try #require(try await w.registerPatient(["phone_number": "+12125550123"])["patient_id"])
            let account = try #require(w.accounts.seen.opened.last)
            func keep(_ phone: String, as caller: Caller) async throws -> String {
                let body: JSONValue = ["first_name": "Ann", "last_name": "Lee", "phone": .string(phone)]
                return try await w.ask("createPatient", as: caller, body).id
            }
            let kept = try await keep("12125550123", as: own)
            for phone in ["+12125550124", "555-0123"] { _ = try await keep(phone, as: own) }
            _ = try await keep("+12125550123", as: w.alice)
            func matches(_ phone: String, as caller: Caller?) async throws -> [String: PatientMatch] {
                let answer = try await w.ask(
                    "lookUpPatients", as: caller, ["phone": .string(phone)], anonymous: caller == nil)
                let view = try #require(PatientMatchesView(answer.json))
                return Dictionary(uniqueKeysWithValues: view.patients.map { ($0.id.description, $0) })
            }
            let found = try await matches("12125550123", as: own)
            #expect(Set(found.keys) == [registered.string, kept])
            #expect(found[registered.string ?? ""]?.account == account)
            #expect(found[kept]?.account == nil && found[kept]?.keeper == own.account)
            #expect(found[kept]?.tenant == own.tenant)
            #expect(try await matches("+12125550123", as: nil).keys.sorted() == [registered.string])
            #expect(try await matches("+12125550199", as: own).isEmpty)
            _ = try await w.ask("changePatient", as: own, id: kept, ["phone": "+12125550199"])
            #expect(try await matches("+12125550199", as: own).keys.sorted() == [kept])
            #expect(try await matches("+12125550123", as: own).keys.sorted() == [registered.string])
        }
    }

    @Test func `a doctor whose entry was deleted is nobody of the directory`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let made = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let doctor = Caller(
                account: try #require(w.accounts.seen.opened.last), role: .doctor, tenant: own.tenant,
                session: own.session)
            _ = try await w.ask("deleteDoctor", as: own, id: made.id)
            #expect(OwnDirectoryView(try await w.ask("directoryMe", as: doctor).json) == OwnDirectoryView())
        }
    }

    @Test
    func `records is told what decides about medicines: of registered patients, and beside their hospital of others`()
        async throws
    {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let body: JSONValue = [
                "first_name": "Jane", "last_name": "Smith", "date_of_birth": "1990-05-15", "gender": "F",
                "allergies": "Penicillin", "current_medications": "Metformin", "medical_history": "Asthma",
            ]
            let kept = try await w.ask("createPatient", as: own, body).id
            let told = try await w.ask("patientHealth", id: kept, query: [("hospital_id", id)], anonymous: true)
            let view = try #require(PatientHealthView(told.json))
            #expect(view.allergies == "Penicillin" && view.currentMedications == "Metformin")
            #expect(view.medicalHistory == "Asthma" && view.gender == .female)
            #expect(view.dateOfBirth == CalendarDate("1990-05-15"))
            await #expect(throws: Problem.notFound) {
                _ = try await w.ask("patientHealth", id: kept, anonymous: true)
            }
        }
    }
}

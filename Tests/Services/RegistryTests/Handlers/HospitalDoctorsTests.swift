import API
import Events
import JSON
import Kernel
import Postgres
import Registry
import Testing

extension World {
    func department(_ name: String = "Cardiology", of hospital: Caller) async throws -> String {
        try await ask("createDepartment", as: hospital, ["name": .string(name)]).id
    }

    static func doctor(in department: String, _ changes: [String: JSONValue] = [:]) throws -> JSONValue {
        let given: [String: JSONValue] = ["department_id": .string(department)]
        let members = try example(HospitalDoctorBody.self).object ?? []
        return .object(
            members.map { JSONMember(key: $0.key, value: changes[$0.key] ?? given[$0.key] ?? $0.value) })
    }
}

@Suite struct DepartmentsTests {
    @Test func `a hospital makes, renames and deletes its departments; a name is there once`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let (_, other) = try await w.approvedHospital(2)
            let made = try await w.ask("createDepartment", as: own, ["name": "Cardiology", "description": "Hearts"])
            #expect(made.status == 201 && made["hospital_id"]?.string == id && made["description"] == "Hearts")
            let twice = await World.refusal { _ = try await w.ask("createDepartment", as: own, ["name": "CARDIOLOGY"]) }
            #expect(twice == .duplicate)
            #expect(try await w.department(of: other) != made.id)
            let changed = try await w.ask("changeDepartment", as: own, id: made.id, ["description": .null])
            #expect(changed["name"] == "Cardiology" && changed["description"] == .null && changed.version == 2)
            await #expect(throws: Problem.notFound) {
                try await w.ask("changeDepartment", as: other, id: made.id, ["name": "Stolen"])
            }
            await #expect(throws: Problem.notFound) { try await w.ask("deleteDepartment", as: other, id: made.id) }
            _ = try await w.ask("deleteDepartment", as: own, id: made.id)
            #expect(try await w.ask("listDepartments", as: own).frame?.total == 0)
            _ = try await w.department(of: own)
        }
    }

    @Test func `a hospital lists its own, others those of the hospital they name`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            for name in ["Neurology", "cardiology", "Oncology"] { _ = try await w.department(name, of: own) }
            let names = ["cardiology", "Neurology", "Oncology"]
            let listed = try await w.ask("listDepartments", as: own)
            #expect(listed.json.array?.compactMap { $0["name"]?.string } == names)
            let asked = try await w.ask("listDepartments", as: w.alice, query: [("hospital_id", id)])
            #expect(asked.json.array?.compactMap { $0["name"]?.string } == names)
            let none = await World.refusal { _ = try await w.ask("listDepartments", as: w.alice) }
            #expect(none == .validationFailed)
            let first = try await w.ask("listDepartments", as: own, query: [("cursor", ""), ("page_size", "2")])
            let next = try #require(first.frame?.nextCursor)
            let rest = try await w.ask("listDepartments", as: own, query: [("cursor", next)])
            #expect(rest.json.array?.compactMap { $0["name"]?.string } == ["Oncology"])
            _ = try await w.ask("rejectHospital", as: w.admin, id: id, ["reason": "No."])
            await #expect(throws: Problem.notFound) {
                try await w.ask("listDepartments", as: w.alice, query: [("hospital_id", id)])
            }
        }
    }

    @Test func `a department with doctors is not deleted`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let refused = await World.refusal { _ = try await w.ask("deleteDepartment", as: own, id: department) }
            #expect(refused == .conflict)
            let other = try await w.department("Neurology", of: own)
            let moved = try await w.ask(
                "changeHospitalDoctor", as: own, id: doctor.id, ["department_id": .string(other)])
            #expect(moved["department_id"]?.string == other)
            _ = try await w.ask("deleteDepartment", as: own, id: department)
        }
    }

    @Test func `a department with open visits is not deleted, nor one whose visits cannot be asked for`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let id = try #require(ID<Department>(department))
            func refusal(as caller: Caller) async -> Problem.Code? {
                await World.refusal { _ = try await w.ask("deleteDepartment", as: caller, id: department) }
            }
            w.appointments.set { $0.open[id] = 2 }
            #expect(await refusal(as: own) == .conflict)
            let (_, other) = try await w.approvedHospital(2)
            #expect(await refusal(as: other) == .notFound)
            w.appointments.set { ($0.open[id], $0.isAway) = (0, true) }
            #expect(await refusal(as: own) == .serviceUnavailable)
            w.appointments.set { $0.isAway = false }
            #expect(await refusal(as: own) == nil)
            let cards = try await w.ask("directory", ["department_ids": [.string(department)]])
            #expect(cards["departments"]?.array?.first?["is_active"] == false)
        }
    }

    @Test func `each change of a department is told in a word of its own, and none where nothing changes`()
        async throws
    {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let before = (try await w.actions().count, try await w.events().count)
            let department = try await w.department(of: own)
            for _ in 0..<2 {
                _ = try await w.ask("changeDepartment", as: own, id: department, ["description": "Hearts"])
            }
            _ = try await w.ask("deleteDepartment", as: own, id: department)
            let words = try await w.actions().dropFirst(before.0).map { $0.prefix { $0 != " " } }
            #expect(words == ["department.created", "department.changed", "department.deleted"])
            #expect(try await w.events().count == before.1 + 3)
        }
    }

    @Test func `a provider of no hospital says whose departments are meant; a hospital's doctor need not`()
        async throws
    {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            _ = try await w.department(of: own)
            let provider = Fixture.caller(21, .doctor)
            let refused = await World.refusal { _ = try await w.ask("listDepartments", as: provider) }
            #expect(refused == .validationFailed)
            let doctor = Caller(
                account: ID(high: 0xA, low: 22), role: .doctor, tenant: own.tenant, session: provider.session)
            #expect(try await w.ask("listDepartments", as: doctor).frame?.total == 1)
        }
    }
}

@Suite struct HospitalDoctorsTests {
    @Test func `a doctor gets a username of both names and a password that is shown once`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let made = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            #expect(made.status == 201 && made["username"] == "alikhan_cityhospital")
            #expect(made["password"]?.string?.count == 12 && made["doctor_id"]?.string == made.id)
            #expect(made["hospital_id"]?.string == id && made["department_id"]?.string == department)
            #expect(made["display_name"] == "Dr. Ali Khan" && made["is_active"] == true)
            let pending = try #require(w.accounts.seen.pending.last)
            #expect(pending.role == .doctor && pending.hospital?.description == id)
            #expect(pending.username == .numbered("alikhan_cityhospital"))
            #expect(pending.password.expose() == made["password"]?.string)
            let second = try await w.ask(
                "createHospitalDoctor", as: own, try World.doctor(in: department, ["license_number": "LIC-2"]))
            #expect(second["username"] == "alikhan_cityhospital2")
            let listed = try await w.ask("listHospitalDoctors", as: own)
            #expect(listed.frame?.total == 2)
            #expect(listed.json.array?.allSatisfy { $0["password"] == nil } == true)
            let told = try await w.told() + (try await w.actions()).joined()
            #expect(!told.contains(try #require(made["password"]?.string)) && !told.contains("alikhan"))
            #expect(try await w.events().filter { $0 == "registry.hospital_doctor_created.v1" }.count == 2)
            #expect(try await w.actions().contains("doctor_created doctor/\(made.id)"))
        }
    }

    @Test func `a licence is one doctor's within a hospital, and works at several`() async throws {
        try await withWorld { w in
            let (_, first) = try await w.approvedHospital(1)
            let (_, second) = try await w.approvedHospital(2)
            for hospital in [first, second] {
                let department = try await w.department(of: hospital)
                let made = try await w.ask("createHospitalDoctor", as: hospital, try World.doctor(in: department))
                #expect(made.status == 201)
                let twice = await World.refusal {
                    _ = try await w.ask(
                        "createHospitalDoctor", as: hospital,
                        try World.doctor(in: department, ["license_number": "lic-2026-201"]))
                }
                #expect(twice == .duplicate)
                #expect(try await w.ask("listHospitalDoctors", as: hospital).frame?.total == 1)
            }
        }
    }

    @Test func `another hospital's department, doctor and list are not there`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let (_, other) = try await w.approvedHospital(2)
            let foreign = try await w.department(of: other)
            let refused = await World.refusal {
                _ = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: foreign))
            }
            #expect(refused == .validationFailed)
            let doctor = try await w.ask("createHospitalDoctor", as: other, try World.doctor(in: foreign))
            await #expect(throws: Problem.notFound) {
                try await w.ask("changeHospitalDoctor", as: own, id: doctor.id, ["is_active": false])
            }
            #expect(try await w.ask("listHospitalDoctors", as: own).frame?.total == 0)
        }
    }

    @Test func `who is deactivated is found no more, and let in again when activated`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let ids: JSONValue = ["doctor_ids": [.string(doctor.id)]]
            func isActive() async throws -> JSONValue? {
                try await w.ask("directory", ids)["doctors"]?.array?.first?["is_active"]
            }
            #expect(try await isActive() == true)
            #expect(try await w.ask("listDoctors", query: [("search", "Khan")]).frame?.total == 1)
            let off = try await w.ask("changeHospitalDoctor", as: own, id: doctor.id, ["is_active": false])
            #expect(off["is_active"] == false && off.version == 2)
            #expect(try await isActive() == false)
            #expect(try await w.ask("listDoctors", query: [("search", "Khan")]).frame?.total == 0)
            #expect(try await w.ask("listHospitalDoctors", as: own, query: [("is_active", "true")]).frame?.total == 0)
            _ = try await w.ask("changeHospitalDoctor", as: own, id: doctor.id, ["is_active": true])
            #expect(try await isActive() == true)
            _ = try await w.ask("changeHospitalDoctor", as: own, id: doctor.id, ["bio": "Surgeon"])
            #expect(
                try await w.events().suffix(3) == [
                    "registry.hospital_doctor_deactivated.v1", "registry.hospital_doctor_activated.v1",
                    "registry.hospital_doctor_updated.v1",
                ])
        }
    }

    @Test func `deleted at api-doctors, a hospital's doctor keeps the name for past visits`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let stolen = await World.refusal { _ = try await w.ask("deleteDoctor", as: w.bob, id: doctor.id) }
            #expect(stolen == .forbidden)
            let nameless = await World.refusal {
                _ = try await w.ask("changeDoctor", as: own, id: doctor.id, ["email": .null])
            }
            #expect(nameless == .validationFailed)
            _ = try await w.ask("deleteDoctor", as: own, id: doctor.id)
            await #expect(throws: Problem.notFound) { try await w.ask("getDoctor", id: doctor.id) }
            let card = try await w.ask("directory", ["doctor_ids": [.string(doctor.id)]])["doctors"]?.array?.first
            #expect(card?["display_name"] == "Dr. Ali Khan" && card?["is_active"] == false)
            #expect(try await w.events().last == "registry.hospital_doctor_deleted.v1")
            #expect(
                try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department)).status == 201)
        }
    }

    @Test func `a hospital that is approved no more makes nothing`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            _ = try await w.ask("rejectHospital", as: w.admin, id: id, ["reason": "Closed."])
            let tries: [() async throws -> Void] = [
                { _ = try await w.department("Neurology", of: own) },
                {
                    _ = try await w.ask(
                        "createHospitalDoctor", as: own, try World.doctor(in: department, ["license_number": "L2"]))
                },
                { _ = try await w.ask("changeHospitalDoctor", as: own, id: doctor.id, ["bio": "x"]) },
            ]
            for attempt in tries { #expect(await World.refusal(attempt) == .accountInactive) }
        }
    }

    @Test func `the database keeps hospitals apart, whatever a statement forgets`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let (_, other) = try await w.approvedHospital(2)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            let scope = Fixture.scope(of: other)
            let changes: [SQL] = [
                "update hospital set name = 'Stolen' where hospital_id <> '00000000-0000-0000-0000-000000000000'",
                "update department set name = 'Stolen'", "update doctor set bio = 'Stolen'",
                "delete from doctor", "delete from hospital", "delete from department",
            ]
            for change in changes { _ = try? await w.database.run(change, as: scope) }
            let kept = try await w.ask("getHospital", as: w.admin, id: id)
            #expect(kept["name"] == "City Hospital")
            #expect(try await w.ask("listDepartments", as: own).json.array?.first?["name"] == "Cardiology")
            let entry = try await w.ask("listHospitalDoctors", as: own).json.array?.first
            #expect(entry?["id"]?.string == doctor.id && entry?["bio"] == .null)
        }
    }

    @Test func `a refused doctor leaves no account, and the username stays free`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let (_, other) = try await w.approvedHospital(2)
            let (department, foreign) = (try await w.department(of: own), try await w.department(of: other))
            let before = w.accounts.seen.opened.count
            for (place, license) in [(foreign, "L-1"), ("0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90", "L-1")] {
                let refused = await World.refusal {
                    let body = try World.doctor(in: place, ["license_number": .string(license)])
                    _ = try await w.ask("createHospitalDoctor", as: own, body)
                }
                #expect(refused == .validationFailed)
            }
            #expect(w.accounts.seen.opened.count == before)
            let made = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department))
            #expect(made["username"] == "alikhan_cityhospital")
        }
    }

    @Test func `who is shut out or moved says which visits ahead that concerns`() async throws {
        try await withWorld { w in
            let (_, own) = try await w.approvedHospital(1)
            let (first, second) = (try await w.department(of: own), try await w.department("Neurology", of: own))
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: first)).id
            let (id, visit) = (try #require(ID<Doctor>(doctor)), ID<Appointment>(high: 9, low: 9))
            w.appointments.set { $0.ahead[id] = [visit] }
            let changes: [(JSONValue, JSONValue)] = [
                (["bio": "Surgeon"], []), (["department_id": .string(second)], [.string(visit.description)]),
                (["department_id": .string(second)], []), (["is_active": false], [.string(visit.description)]),
                (["is_active": true], []),
            ]
            for (change, affected) in changes {
                #expect(try await w.ask("changeHospitalDoctor", as: own, id: doctor, change)["affected"] == affected)
            }
            w.appointments.set { $0.isAway = true }
            let off = try await w.ask("changeHospitalDoctor", as: own, id: doctor, ["is_active": false])
            #expect(off["is_active"] == false && off["affected"] == .null)
        }
    }

    @Test func `doctors are listed while their hospital works here and their account is let in`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department)).id
            let account = try #require(w.accounts.seen.opened.last)
            func isListed() async throws -> Bool {
                let listed = try await w.ask("listDoctors", query: [("search", "Khan")]).frame?.total == 1
                let active = try await w.ask("listHospitalDoctors", as: own, query: [("is_active", "true")])
                let card = try await w.ask("directory", ["doctor_ids": [.string(doctor)]])["doctors"]?.array?.first
                #expect((active.frame?.total == 1) == listed && (card?["is_active"] == true) == listed)
                return listed
            }
            func tell(_ account: ID<Account>, _ role: Role, isActive: Bool, _ version: Int64) async throws {
                let fact = StandingFact(account: account, role: role, version: version)
                let event = isActive ? Event.accountActivated(fact) : .accountDeactivated(fact)
                let envelope = EventEnvelope(event, id: .make(at: w.clock.now), at: w.clock.now, traceparent: nil)
                try await w.database.transaction { tx in try await w.reaction.react(envelope, in: tx) }
            }
            #expect(try await isListed())
            try await tell(account, .doctor, isActive: false, 2)
            #expect(try await !isListed())
            try await tell(account, .doctor, isActive: true, 3)
            #expect(try await isListed())
            _ = try await w.ask("rejectHospital", as: w.admin, id: id, ["reason": "No."])
            #expect(try await !isListed())
            _ = try await w.ask("approveHospital", as: w.admin, id: id)
            #expect(try await isListed())
            try await tell(own.account, .hospital, isActive: false, 2)
            #expect(try await !isListed())
            try await tell(own.account, .hospital, isActive: true, 3)
            #expect(try await isListed())
            _ = try await w.ask("deleteHospital", as: w.admin, id: id)
            #expect(try await !isListed())
        }
    }

    @Test func `a renamed hospital's doctors say the new name, as another version of themselves`() async throws {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let department = try await w.department(of: own)
            let doctor = try await w.ask("createHospitalDoctor", as: own, try World.doctor(in: department)).id
            let before = try await w.ask("getDoctor", id: doctor)
            w.clock.pass(.seconds(60))
            _ = try await w.ask("changeHospital", as: own, id: id, ["city": "Lahore"])
            #expect(try await w.ask("getDoctor", id: doctor).version == before.version)
            _ = try await w.ask("changeHospital", as: own, id: id, ["name": "New Hospital"])
            let after = try await w.ask("getDoctor", id: doctor)
            #expect(after["hospital_name"] == "New Hospital" && after.version == 2)
            #expect(after["updated_at"] != before["updated_at"])
            await #expect(throws: Problem.preconditionFailed) {
                try await w.ask("changeHospitalDoctor", as: own, id: doctor, ["bio": "x"], ifMatch: 1)
            }
        }
    }
}

@Suite struct HospitalNamesTests {
    @Test func `a doctor's entry names their hospital, whoever edits it and whatever the hospital is called`()
        async throws
    {
        try await withWorld { w in
            let (id, own) = try await w.approvedHospital(1)
            let made = try await w.ask(
                "createHospitalDoctor", as: own, try World.doctor(in: try await w.department(of: own)))
            let doctor = try #require(made["doctor_id"]?.string)
            let name = try #require(try await w.ask("getDoctor", as: w.alice, id: doctor)["hospital_name"]?.string)
            for caller in [own, w.admin] {
                let other = await World.refusal {
                    _ = try await w.ask("changeDoctor", as: caller, id: doctor, ["hospital_name": "Mayo Clinic"])
                }
                #expect(other == .validationFailed)
            }
            let kept = try await w.ask("changeDoctor", as: own, id: doctor, ["hospital_name": .null, "bio": "Hearts"])
            #expect(kept["hospital_name"]?.string == name && kept["bio"] == "Hearts")
            _ = try await w.ask("changeHospital", as: own, id: id, ["name": "New City Hospital"])
            #expect(try await w.ask("getDoctor", as: w.alice, id: doctor)["hospital_name"] == "New City Hospital")
        }
    }
}

import API
import Crypto
import Glibc
import JSON
import Kernel

extension Verb {
    package static let demo = Verb(
        name: "demo", usage: "", summary: "Loads the demonstration's accounts and data; in development alone"
    ) { who, raw in
        _ = try Arguments(raw)
        guard try who.isDevelopment() else {
            throw Failure(
                .settings, "The demonstration has known passwords: it is loaded with PRAXIS_ENV=development alone.")
        }
        let url = try who.read(GatewayAPI.address)
        let status = try ServiceProgram(.identity, for: who).run(["demo"], output: STDERR_FILENO)
        guard status == 0 else { return status }
        let tokens = AccessToken(who: who)
        let owner = try await tokens.make(DemoData.owner)
        let administrator = try await tokens.make(DemoData.administrator)
        let known = try await Network.use { group in
            let demonstration = Demonstration(gateway: try GatewayAPI(url, group: group))
            var ids = try await demonstration.load(owner)
            ids.merge(try await demonstration.register(administrator)) { $1 }
            await DemoNotes(who: who, group: group).keep(ids)
            return ids
        }
        // Who registered has a password that nobody knows; now the known one.
        let given = try ServiceProgram(.identity, for: who).run(["demo"], output: STDERR_FILENO)
        guard given == 0 else { return given }
        let hospital = try await tokens.make(DemoData.hospital)
        let patient = try await tokens.make(DemoData.patient)
        let (doctor, visits) = try await Network.use { group in
            let gateway = try GatewayAPI(url, group: group)
            let (doctor, ids) = try await Demonstration(gateway: gateway).staff(hospital)
            let notes = DemoNotes(who: who, group: group)
            await notes.keep(ids)
            guard let places = DemoVisits.Places(known.merging(ids) { $1 }) else { return (doctor, known) }
            let visits = DemoVisits(
                gateway: gateway, now: SystemClock().now, hospital: hospital, patient: patient, places: places)
            let booked = try await visits.load()
            await notes.keep(booked)
            return (doctor, known.merging(booked) { $1 })
        }
        var doctorToken: String?
        if let doctor { doctorToken = try await tokens.make(doctor) }
        if let record = visits[.registeredPatient], let visit = visits[.prescribedAppointment] {
            try await Network.use { [doctorToken] group in
                let records = DemoRecords(
                    gateway: try GatewayAPI(url, group: group), patient: patient, hospital: hospital,
                    doctor: doctorToken, record: record, visit: visit)
                await DemoNotes(who: who, group: group).keep(try await records.load())
            }
        }
        for account in DemoData.accounts + (doctor.map { [$0] } ?? []) {
            who.say("\(account.username)\t\(account.password)\t\(account.what)")
        }
        return 0
    }
}

/// Puts the demonstration's records in place by the gateway, as the demo account of role staff would. What is there
/// already stays as it is.
struct Demonstration: Sendable {
    let gateway: GatewayAPI

    /// Answers which id each record has that the documentation's examples name.
    /// - Parameter token: of the demo account that keeps the patients.
    func load(_ token: String) async throws -> [DemoRecord: String] {
        var patients: [String] = []
        for body in DemoData.patients {
            patients.append(
                try await gateway.idOfPerson(
                    body, RegistryAPI.createPatient.declaration, among: RegistryAPI.listPatients.declaration,
                    by: "email", as: token))
        }
        var doctors: [String] = []
        for body in DemoData.doctors {
            doctors.append(
                try await gateway.idOfPerson(
                    body, RegistryAPI.createDoctor.declaration, among: RegistryAPI.listDoctors.declaration,
                    by: "license_number", as: token))
        }
        var mappings: [String] = []
        for mapping in DemoData.mappings where mapping.patient < patients.count && mapping.doctor < doctors.count {
            mappings.append(try await join(patients[mapping.patient], doctors[mapping.doctor], mapping, token))
        }
        return [
            DemoRecord(Patient.self): patients[0], .patientWithoutDoctor: patients[patients.count - 1],
            DemoRecord(Doctor.self): doctors[0], DemoRecord(Mapping.self): mappings[0], .secondMapping: mappings[1],
        ].merging(try await account(token)) { first, _ in first }
    }

    /// The account that keeps the patients, and the session of its token.
    private func account(_ token: String) async throws -> [DemoRecord: String] {
        let me = try await gateway.ask(AccountsAPI.me.declaration, token: token)
        let sessions = try await gateway.ask(AccountsAPI.sessions.declaration, token: token)
        let current = sessions.body["data"]?.array?.first { $0["is_current"]?.bool == true }
        var ids: [DemoRecord: String] = [:]
        ids[DemoRecord(Account.self)] = me.body["data"]?["id"]?.string
        ids[DemoRecord(Session.self)] = current?["id"]?.string
        return ids
    }

    /// Registers the demonstration's hospitals, its provider and its patient, as far as they are not there, under
    /// passwords that nobody knows; approves the first hospital. The administrator registers them: what an address may
    /// register in an hour stays for whoever tries the demonstration.
    /// - Parameter token: of the administrator.
    func register(_ token: String) async throws -> [DemoRecord: String] {
        var ids: [DemoRecord: String] = [:]
        let records = [DemoRecord(Hospital.self), .pendingHospital]
        for (record, body) in zip(records, DemoData.hospitals) {
            let hospital = try await gateway.findOrCreate(
                registering(body), RegistryAPI.registerHospital.declaration,
                among: RegistryAPI.listHospitals.declaration, by: "license_number", as: token)
            guard let id = hospital["id"]?.string else { continue }
            ids[record] = id
            guard record != .pendingHospital, hospital["status"] == "pending" else { continue }
            let approved = try await gateway.ask(RegistryAPI.approveHospital.declaration, path: [id], token: token)
            guard approved.isSuccess else {
                throw Failure(.unavailable, "The gateway refuses approveHospital: \(approved.message)")
            }
        }
        let provider = try await gateway.findOrCreate(
            registering(DemoData.provider), RegistryAPI.registerProvider.declaration,
            among: RegistryAPI.listProviders.declaration, by: "license_number", as: token)
        ids[DemoRecord(Provider.self)] = (provider["id"] ?? provider["provider_id"])?.string
        let patient = try await gateway.findOrCreate(
            registering(DemoData.patientAccount), RegistryAPI.registerPatientAccount.declaration,
            among: RegistryAPI.listAdminPatients.declaration, by: "email", as: token)
        ids[.registeredPatient] = patient["patient_id"]?.string
        return ids
    }

    /// Departments and a doctor of the first hospital; the doctor as an account when they were made now.
    /// - Parameter token: of the hospital.
    func staff(_ token: String) async throws -> (doctor: DemoData.Account?, ids: [DemoRecord: String]) {
        var departments: [String] = []
        for name in DemoData.departments {
            let department = try await gateway.findOrCreate(
                ["name": .string(name)], RegistryAPI.createDepartment.declaration,
                among: RegistryAPI.listDepartments.declaration, by: "name", as: token)
            if let id = department["id"]?.string { departments.append(id) }
        }
        guard let first = departments.first, let last = departments.last else { return (nil, [:]) }
        let doctor = try await gateway.findOrCreate(
            MergePatch.apply(["department_id": .string(first)], to: DemoData.hospitalDoctor),
            RegistryAPI.createHospitalDoctor.declaration, among: RegistryAPI.listHospitalDoctors.declaration,
            by: "license_number", as: token)
        var ids: [DemoRecord: String] = [DemoRecord(Department.self): first, .departmentWithoutDoctors: last]
        ids[.hospitalDoctor] = doctor["id"]?.string
        guard let username = doctor["username"]?.string, let password = doctor["password"]?.string else {
            return (nil, ids)
        }
        let account = DemoData.Account(
            username: username, password: password, what: "is a doctor there; shown once")
        return (account, ids)
    }

    /// The body of a registration, under a password that nobody knows.
    private func registering(_ body: JSONValue) -> JSONValue {
        let secret = JSONValue.string("Aa1!" + Base64URL.encode(Random.bytes(24)))
        return MergePatch.apply(["password": secret, "confirm_password": secret], to: body)
    }

    /// The id of the mapping, new or old.
    private func join(
        _ patient: String, _ doctor: String, _ mapping: DemoData.Mapping, _ token: String
    ) async throws -> String {
        let reply = try await gateway.ask(
            RegistryAPI.createMapping.declaration,
            body: [
                "patient": .string(patient), "doctor": .string(doctor), "is_primary": .bool(mapping.isPrimary),
                "notes": .string(mapping.notes),
            ], token: token)
        if let id = reply.body["data"]?["id"]?.string { return id }
        let query = "patient_id=\(patient)&doctor_id=\(doctor)"
        let found = try await gateway.ask(RegistryAPI.listMappings.declaration, query: query, token: token)
        guard let id = found.body["data"]?.array?.first?["id"]?.string else {
            throw Failure(.unavailable, "The gateway refuses createMapping: \(reply.message)")
        }
        return id
    }
}

extension AccessToken {
    fileprivate func make(_ account: DemoData.Account) async throws -> String {
        try await make(account.username, Secret(account.password))
    }
}

extension DemoVisits.Places {
    /// Nil while one of them is not there.
    fileprivate init?(_ ids: [DemoRecord: String]) {
        guard let hospital = ids[DemoRecord(Hospital.self)], let department = ids[DemoRecord(Department.self)],
            let doctor = ids[.hospitalDoctor]
        else { return nil }
        self.init(hospital: hospital, department: department, doctor: doctor)
    }
}

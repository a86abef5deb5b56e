import API
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
        let owner = DemoData.owner
        let token = try await AccessToken(who: who).make(owner.username, Secret(owner.password))
        try await Network.use { group in
            let gateway = try GatewayAPI(url, group: group)
            let ids = try await Demonstration(gateway: gateway).load(token)
            await DemoNotes(who: who, group: group).keep(ids)
        }
        for account in DemoData.accounts { who.say("\(account.username)\t\(account.password)\t\(account.what)") }
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
                try await findOrCreate(
                    body, RegistryAPI.createPatient.declaration, among: RegistryAPI.listPatients.declaration,
                    by: "email", token))
        }
        var doctors: [String] = []
        for body in DemoData.doctors {
            doctors.append(
                try await findOrCreate(
                    body, RegistryAPI.createDoctor.declaration, among: RegistryAPI.listDoctors.declaration,
                    by: "license_number", token))
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

    /// The id of the entry with the same value under `key`, found by its last name; creates it when there is none.
    private func findOrCreate(
        _ body: JSONValue, _ creates: Declaration, among lists: Declaration, by key: String, _ token: String
    ) async throws -> String {
        let search = "search=\(body["last_name"]?.string ?? "")&page_size=100"
        let found = try await gateway.ask(lists, query: search, token: token)
        let existing = found.body["data"]?.array?.first { $0[key] == body[key] }
        if let id = existing?["id"]?.string { return id }
        let made = try await gateway.ask(creates, body: body, token: token)
        guard made.isSuccess, let id = made.body["data"]?["id"]?.string else {
            throw Failure(.unavailable, "The gateway refuses \(creates.name): \(made.message)")
        }
        return id
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

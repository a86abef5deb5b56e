import API
import Chassis
import Forms
import JSON
import Kernel
import Postgres
import RecordsDomain
import TestSupport
import Web

/// Doctors who prescribe for `ada`, whose name is Lovelace.
extension World {
    var otherHospital: Caller { World.caller(23, .hospital, at: 200) }

    /// A visit of the patient with the first doctor; its id.
    func visit(_ status: AppointmentStatus = .confirmed) -> String {
        people.visit(adasRecord, of: ada, with: emily, status, changed: clock.now).description
    }

    static func prescription(_ changes: [String: JSONValue] = [:]) -> JSONValue {
        let medicine: JSONValue = [
            "name": "Amoxicillin", "dosage": "500 mg", "frequency": "three times a day", "duration": "7 days",
        ]
        let all: [String: JSONValue] = ["diagnosis": "Canarybronchitis", "medicines": [medicine]].merging(changes) {
            $1
        }
        return .object(all.map { JSONMember(key: $0.key, value: $0.value) })
    }

    func prescribe(
        _ visit: String? = nil, as caller: Caller? = nil, _ changes: [String: JSONValue] = [:], key: String? = nil
    ) async throws -> Told {
        let appointment: [String: JSONValue] = ["appointment_id": .string(visit ?? self.visit())]
        return try await tell(
            "createPrescription", as: caller ?? emily, World.prescription(appointment.merging(changes) { $1 }), key: key
        )
    }

    func revise(
        _ id: String, _ version: Int64?, as caller: Caller? = nil, _ changes: [String: JSONValue] = [:]
    ) async throws -> Told {
        try await tell(
            "revisePrescription", as: caller ?? emily, id: id, World.prescription(changes), ifMatch: version)
    }

    /// One answer, as far as a handler decides it.
    struct Told: Sendable {
        let status: Int
        let json: JSONValue
        let location: String?
        let version: Int64?
        let file: Download?

        var id: String { json["id"]?.string ?? "" }
        subscript(key: String) -> JSONValue? { json[key] }
        var codes: [String] { (json["warnings"]?.array ?? []).compactMap { $0["code"]?.string } }
    }

    func tell(
        _ name: String, as caller: Caller?, id: String? = nil, _ body: JSONValue? = nil,
        query: [(name: String, value: String)] = [], ifMatch version: Int64? = nil, key: String? = nil
    ) async throws -> Told {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let call = Call.test(
            route.declaration, by: caller, key: key, condition: version.map { .versions([$0]) } ?? .none)
        let path = id.map { [(name: "id", value: $0)] } ?? []
        let answer = try await route.answer(Source(path: path, query: query, body: body, now: clock.now), call)
        var writer = JSONWriter()
        var file: Download?
        switch answer.content {
        case .item(let write), .bare(let write): write(&writer)
        case .list(_, let write): writer.array { write(&$0) }
        case .download(let download):
            file = download
            writer.null()
        default: writer.null()
        }
        return Told(
            status: answer.status, json: try JSONReader.read(writer.bytes), location: answer.location,
            version: answer.version, file: file)
    }

    /// What the answer is refused with; nil when it is not.
    func refused(_ work: () async throws -> Told) async throws -> Problem? {
        do {
            _ = try await work()
            return nil
        } catch let problem as Problem { return problem }
    }

    /// The types of the events that were recorded, in order.
    func events() async throws -> [String] {
        try await database.read(Column<String>("type")) { "select \($0) from outbox order by position" }
    }

    /// The actions of the trail, in order.
    func trail() async throws -> [String] {
        try await database.read(Column<String>("action")) { "select \($0) from audit_entry order by entry_id" }
    }
}

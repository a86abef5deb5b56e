import API
import Crypto
import JSON
import Kernel
import Postgres
import Registry
import Testing

/// A record is shown by passing on what was sealed, where it stands as this release writes it.
@Suite struct PatientViewsTests {
    @Test func `one record, a list and a search show what was answered when it was made`() async throws {
        try await withWorld { w in
            guard case .object(var members) = try World.example(PatientBody.self) else { return }
            let texts = [
                "first_name": "Zoë \"Z\"", "last_name": "O\\Neill 🩺", "medical_history": "a\nb\t\"c\"\\", "city": "/",
            ]
            members = members.map { JSONMember(key: $0.key, value: texts[$0.key].map { .string($0) } ?? $0.value) }
            let bare: JSONValue = ["first_name": "Jane", "last_name": "Smith"]
            for body in [JSONValue.object(members), bare] {
                w.clock.pass(.seconds(1))
                let made = try await w.ask("createPatient", body)
                for member in body.object ?? [] { #expect(made[member.key] == member.value) }
                #expect(try await w.ask("getPatient", id: made.id).json == made.json)
                #expect(try await w.ask("listPatients").json.array?.first == made.json)
                let name = try #require(body["first_name"]?.string)
                #expect(try await w.ask("listPatients", query: [("search", name)]).json.array == [made.json])
            }
        }
    }

    @Test(arguments: [
        #"{"last_name":"Smith","city":"Oslo","medical_history":["One","Two"],"first_name":"Jane"}"#,
        #"{"first_name":"Jane","last_name":"Smith","medical_history":["One","Two"],"zip":"1","city":"Oslo","pet":"x"}"#,
        #"{"first_name":"Jane","last_name":"Smith","medical_history":["One","Two"],"city":"Oslo","zip":"1"}"#,
    ])
    func `a record that another release has sealed is shown as it is`(sealed: String) async throws {
        try await withWorld { w in
            let made = try await w.ask("createPatient", ["first_name": "Jane", "last_name": "Smith"])
            let scope = Fixture.scope(of: w.alice)
            let wrapped = try await w.database.read(Column<[UInt8]>("wrapped"), as: scope) {
                "select \($0) from data_key"
            }.one
            let key = try Fixture.sealer().unwrap(wrapped, for: "registry.account/\(w.alice.account)")
            let bytes = try key.seal(
                sealed, authenticating: AssociatedData(table: "patient", row: made.id, column: "sealed", version: 1))
            try await w.database.run("update patient set sealed = \(bytes)", as: scope)
            let shown = try await w.ask("getPatient", id: made.id)
            #expect(shown["full_name"] == "Jane Smith" && shown["medical_history"] == "One\nTwo")
            #expect(shown["city"] == "Oslo" && shown["phone"] == .null && shown["zip"] == nil)
            #expect(try await w.ask("listPatients").json.array == [shown.json])
        }
    }
}

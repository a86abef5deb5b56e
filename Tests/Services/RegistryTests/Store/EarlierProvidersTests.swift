import API
import Crypto
import JSON
import Kernel
import Postgres
import Registry
import RegistryDomain
import Sealing
import Testing

/// Providers' rows as releases before this one wrote them.
@Suite struct EarlierProvidersTests {
    /// Registers somebody, and writes the row as an earlier release did: street, zip and reason in the clear, email and
    /// phone alone sealed.
    private func earlier(
        _ w: World, _ number: Int, status: String = "pending", reason: String? = nil
    ) async throws -> String {
        w.clock.pass(.seconds(1))
        let made = try await w.registerProvider([
            "email": .string("d\(number)@clinic.com"), "phone_number": .string("+4930123456\(number)"),
            "license_number": .string("MD\(number)"),
        ])
        let id = try #require(made["provider_id"]?.string.flatMap { ID<Provider>($0) })
        let wrapped = try await w.database.read(Column<[UInt8]>("wrapped_key")) {
            "select \($0) from provider where provider_id = \(id)"
        }.one
        let contact: JSONValue = [
            "email": .string("d\(number)@clinic.com"), "phone": .string("+4930123456\(number)"),
        ]
        let sealed = try DataKeys<Provider>(of: "registry.provider", sealer: try Fixture.sealer())
            .key(wrapped, of: id)
            .seal(
                contact.bytes,
                authenticating: AssociatedData(table: "provider", row: id.description, column: "sealed_contact"))
        try await w.database.run(
            """
            update provider set sealed_contact = \(sealed), street = \("\(number) Canary Road"),
                zip = \("ZIP\(number)"), status = \(status), rejection_reason = \(reason)
            where provider_id = \(id)
            """)
        return id.description
    }

    private func shown(_ w: World, _ id: String) async throws -> World.Heard {
        try await w.ask("getProvider", as: w.admin, id: id)
    }

    @Test func `what they hold in the clear is read, sealed once, and reads the same`() async throws {
        try await withWorld { w in
            let ids = [
                try await earlier(w, 1), try await earlier(w, 2, status: "verified"),
                try await earlier(w, 3, status: "rejected", reason: "Canary reason."),
            ]
            var before: [World.Heard] = []
            for id in ids { before.append(try await shown(w, id)) }
            #expect(before.map { $0["clinic_address"]?["street"] } == (1...3).map { .string("\($0) Canary Road") })
            #expect(before[2]["rejection_reason"] == "Canary reason.")

            #expect(try await !w.sealProviders.run())
            let rows = try await w.database.read(Column<String>("p::text")) { "select \($0) from provider p" }
            #expect(rows.count == 3 && rows.allSatisfy { !$0.contains("Canary") && !$0.contains("ZIP") })
            for (id, earlier) in zip(ids, before) {
                let after = try await shown(w, id)
                #expect(after.json == earlier.json && after.version == earlier.version)
            }
            let stamps = try await w.database.read(Column<String>("xmin::text")) { "select \($0) from provider" }
            #expect(try await !w.sealProviders.run())
            #expect(
                try await w.database.read(Column<String>("xmin::text")) { "select \($0) from provider" } == stamps)
        }
    }

    @Test func `a row that does not open keeps no other from being sealed`() async throws {
        try await withWorld { w in
            let broken = try await earlier(w, 1)
            let whole = try await earlier(w, 2)
            try await w.database.run("update provider set sealed_contact = '\\x00' where provider_id = \(broken)::uuid")
            #expect(try await !w.sealProviders.run())
            let plain = try await w.database.read(Column<String>("provider_id::text")) {
                "select \($0) from provider where street <> ''"
            }
            #expect(plain == [broken])
            #expect(try await shown(w, whole)["clinic_address"]?["street"] == "2 Canary Road")
        }
    }

    @Test func `what a process of the last release writes meanwhile counts`() async throws {
        try await withWorld { w in
            let id = try await earlier(w, 1, status: "rejected", reason: "First.")
            #expect(try await !w.sealProviders.run())
            try await w.database.run("update provider set rejection_reason = 'Second.'")
            #expect(try await shown(w, id)["rejection_reason"] == "Second.")
            try await w.database.run("update provider set status = 'verified', rejection_reason = null")
            let verified = try await shown(w, id)
            #expect(verified["verification_status"] == "verified" && verified["rejection_reason"] != "First.")
            #expect(try await !w.sealProviders.run())
            #expect(try await shown(w, id)["clinic_address"]?["zip"] == "ZIP1")
        }
    }
}

import Chassis
import Crypto
import Kernel
import Postgres
import Records
import Testing

struct PatientKeysTests {
    private let cell = AssociatedData(table: "report", row: "1", column: "sealed", version: 1)

    @Test func `a patient has one key, whoever makes it first`() async throws {
        try await withWorld { world async throws in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<8 {
                    tasks.addTask {
                        _ = try await world.patientKeys.current(
                            of: world.adasRecord, account: world.ada.account, at: world.clock.now)
                    }
                }
                try await tasks.waitForAll()
            }
            let rows = try await world.database.read(Column<Int>("count(*)"), as: .service) {
                "select \($0) from patient_key"
            }
            #expect(rows == [1])
            #expect(try await world.patientKeys.owner(of: world.adasRecord) == .account(world.ada.account))
            #expect(try await world.patientKeys.owner(of: world.evesRecord) == nil)
        }
    }

    @Test func `a cell opens with its patient's key, and in its place alone`() async throws {
        try await withWorld { world async throws in
            let ada = try await world.patientKeys.current(
                of: world.adasRecord, account: world.ada.account, at: world.clock.now)
            let eve = try await world.patientKeys.current(of: world.evesRecord, account: nil, at: world.clock.now)
            let sealed = try ada.seal(Array("canary".utf8), for: cell)
            let again = try await world.patientKeys.key(ada.name)
            #expect(try again.open(sealed, from: cell) == Array("canary".utf8))
            #expect(throws: BrokenRow("report", "1")) { try eve.open(sealed, from: cell) }
            let elsewhere = AssociatedData(table: "report", row: "2", column: "sealed", version: 1)
            #expect(throws: BrokenRow("report", "2")) { try ada.open(sealed, from: elsewhere) }
        }
    }

    @Test func `nobody but the service is shown a key`() async throws {
        try await withWorld { world async throws in
            _ = try await world.patientKeys.current(
                of: world.adasRecord, account: world.ada.account, at: world.clock.now)
            for caller in [world.ada, world.emily, world.hospital, world.admin, world.staff] {
                let rows = try await world.database.read(Column<Int>("count(*)"), as: Scope(caller)) {
                    "select \($0) from patient_key"
                }
                #expect(rows == [0], "\(caller.role)")
            }
        }
    }

    @Test func `what a destroyed key sealed is lost`() async throws {
        try await withWorld { world async throws in
            let key = try await world.patientKeys.current(
                of: world.adasRecord, account: world.ada.account, at: world.clock.now)
            try await world.database.run("update patient_key set wrapped = null", as: .service)
            await #expect(throws: PatientKeys.Destroyed.self) { _ = try await world.patientKeys.key(key.name) }
            await #expect(throws: PatientKeys.Destroyed.self) {
                _ = try await world.patientKeys.current(of: world.adasRecord, account: nil, at: world.clock.now)
            }
        }
    }
}

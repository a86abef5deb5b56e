import API
import JSON
import Kernel
import Records
import RecordsDomain
import TestSupport
import Testing
import Web

struct AttachmentsTests {
    @Test func `an author adds a file, and whoever reads the prescription reads it`() async throws {
        try await withWorld { world async throws in
            let id = try await world.prescribe().id
            let made = try await world.attach(to: id)
            #expect(made.status == 201 && made["title"]?.string == "Letter")
            #expect(made["content_type"]?.string == "application/pdf" && made["file_name"]?.string == "scan.pdf")
            let file = try #require(made["id"]?.string)
            for reader in [world.ada, world.emily, world.hospital, world.admin] {
                let shown = try await world.tell("getPrescription", as: reader, id: id)
                #expect(shown["attachments"]?.array?.map { $0["id"]?.string } == [file])
                #expect(try await world.attachment(file, of: id, as: reader) == World.pdf)
            }
            try await world.grant(.otp, on: world.adasRecord, to: world.raj)
            #expect(try await world.attachment(file, of: id, as: world.raj) == World.pdf)
            #expect(try await world.rows(of: world.adasRecord).contains("prescriptions_read otp_grant"))
        }
    }

    @Test func `nobody else adds one, and to others it is not there`() async throws {
        try await withWorld { world async throws in
            let id = try await world.prescribe().id
            let file = try #require(try await world.attach(to: id)["id"]?.string)
            #expect(await world.code { try await world.attach(to: id, as: world.raj) } == .accessRequired)
            try await world.grant(.otp, on: world.adasRecord, to: world.raj)
            for caller in [world.raj, world.ada] {
                #expect(await world.code { try await world.attach(to: id, as: caller) } == .forbidden)
            }
            for (caller, code) in [(world.eve, Problem.Code.notFound), (world.otherHospital, .notFound)] {
                #expect(await world.code { try await world.attachment(file, of: id, as: caller) } == code)
            }
            let other = try await world.prescribe().id
            #expect(await world.code { try await world.attachment(file, of: other, as: world.ada) } == .notFound)
            #expect(try await world.files() == 1)
            #expect(world.stored().count == 1)
        }
    }

    @Test func `a file stays with the prescription when it is revised, and in each of its versions`() async throws {
        try await withWorld { world async throws in
            let id = try await world.prescribe().id
            let file = try #require(try await world.attach(to: id)["id"]?.string)
            let revised = try await world.revise(id, 1)
            #expect(revised["attachments"]?.array?.map { $0["id"]?.string } == [file])
            let versions = try await world.tell("listPrescriptionVersions", as: world.ada, id: id).json.array ?? []
            #expect(versions.map { $0["attachments"]?.array?.count } == [1, 1])
            let list = try await world.tell("listPrescriptions", as: world.ada).json.array ?? []
            #expect(list.map { $0["attachments"]?.array?.first?["id"]?.string } == [file])
        }
    }

    @Test func `what is no such file is refused, and leaves nothing`() async throws {
        try await withWorld { world async throws in
            let id = try await world.prescribe().id
            #expect(await world.code { try await world.attach(to: id, "a.exe") } == .validationFailed)
            #expect(await world.code { try await world.attach(to: id, fields: []) } == .validationFailed)
            let html = Array("<html>%PDF-</html>".utf8)
            #expect(await world.code { try await world.attach(to: id, content: html) } == .contentRefused)
            #expect(try await world.files() == 0)
            #expect(world.stored().isEmpty)
        }
    }
}

extension World {
    func attach(
        to prescription: String, _ name: String = "scan.pdf", content: [UInt8] = World.pdf, as caller: Caller? = nil,
        fields: [(String, String)] = [("title", "Letter")]
    ) async throws -> Heard {
        let parts = [GivenParts.Given.file(name, content)] + fields.map { .field($0.0, $0.1) }
        return try await hear("attachToPrescription", as: caller ?? emily, path: prescription, parts: parts)
    }

    func attachment(_ id: String, of prescription: String, as caller: Caller) async throws -> [UInt8] {
        try await download(
            "downloadAttachment", [(name: "id", value: prescription), (name: "attachment_id", value: id)], as: caller
        ).1
    }
}

import API
import Chassis
import Crypto
import Files
import Glibc
import JSON
import Kernel
import Postgres
import Records
import RecordsDomain
import TestSupport
import Testing
import Web

struct ReportsTests {
    @Test func `a patient uploads, lists, reads and downloads what they sent, byte by byte`() async throws {
        try await withWorld { world async throws in
            let made = try await world.upload("../X-ray \"1\".pdf")
            #expect(made.status == 201)
            #expect(made["file_name"]?.string == "X-ray 1.pdf" && made["content_type"]?.string == "application/pdf")
            #expect(made["sha256"]?.string == Hex.encode(Digest.sha256(World.pdf)))
            #expect(made["size"] == .integer(Int64(World.pdf.count)) && made["title"]?.string == "Blood count")
            let id = try #require(made["id"]?.string)
            let (file, bytes) = try await world.download(id, as: world.ada)
            #expect(bytes == World.pdf && file.tag == made["sha256"]?.string && file.name == "X-ray 1.pdf")
            #expect(try await world.download(id, as: world.ada, 65_530..<65_540).1 == Array(World.pdf[65_530..<65_540]))
            for list in [
                try await world.hear("listMyReports", as: world.ada),
                try await world.hear("listPatientReports", as: world.ada, path: world.adasRecord.description),
            ] {
                #expect(list.json.array?.map { $0["id"]?.string } == [id])
            }
            #expect(try await world.hear("getReport", as: world.ada, path: id)["title"]?.string == "Blood count")
            #expect(try await world.rows(of: world.adasRecord) == ["report_uploaded self"])
        }
    }

    @Test func `others see nothing of it, and hear what they would of one that is not there`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            for name in ["getReport", "downloadReport"] {
                for (caller, code) in [(world.eve, Problem.Code.notFound), (world.emily, .accessRequired)] {
                    #expect(await world.code { try await world.hear(name, as: caller, path: id) } == code)
                    let other = ID<Report>(high: 1, low: 2).description
                    #expect(await world.code { try await world.hear(name, as: caller, path: other) } == code)
                }
            }
            #expect(try await world.hear("listMyReports", as: world.eve).json.array == [])
            for (caller, code) in [(world.eve, Problem.Code.notFound), (world.emily, .accessRequired)] {
                #expect(await world.code { try await world.upload(as: caller) } == code)
            }
            #expect(try await world.files() == 1)
        }
    }

    @Test func `a grant shows reports and takes them, broken glass shows them alone`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            try await world.grant(.breakGlass, on: world.adasRecord, to: world.raj)
            #expect(try await world.download(id, as: world.raj).1 == World.pdf)
            #expect(await world.code { try await world.upload(as: world.raj) } == .accessRequired)
            let grant = try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            #expect(try await world.upload(as: world.emily).status == 201)
            let told = Column<Int>("jsonb_array_length(envelope::jsonb -> 'data' -> 'reader_account_ids')")
            let readers = try await world.database.read(told) {
                "select \($0) from outbox where type like '%report_uploaded%' order by position"
            }
            #expect(readers == [0, 2])
            #expect(try await world.download(id, as: world.emily).1 == World.pdf)
            try await world.change(grant, "expires_at = clock_timestamp()")
            #expect(await world.code { try await world.download(id, as: world.emily) } == .accessRequired)
            let seen = try await world.rows(of: world.adasRecord)
            #expect(seen.contains("reports_read otp_grant") && seen.contains("reports_read break_glass"))
        }
    }

    @Test func `a visit that is named before the body lets its doctor upload, and shows what belongs to it`()
        async throws
    {
        try await withWorld { world async throws in
            let visit = world.people.visit(
                world.adasRecord, of: world.ada, with: world.emily, .confirmed, changed: world.clock.now)
            let other = try #require(try await world.upload()["id"]?.string)
            let fields = [("title", "For the visit"), ("report_type", "xray"), ("appointment_id", visit.description)]
            let sent = try #require(try await world.upload(fields: fields)["id"]?.string)
            let own = try #require(try await world.upload(as: world.emily, by: visit)["id"]?.string)
            let list = try await world.hear("listPatientReports", as: world.emily, path: world.adasRecord.description)
            #expect(Set(list.json.array?.compactMap { $0["id"]?.string } ?? []) == [sent, own])
            #expect(try await world.download(sent, as: world.emily).1 == World.pdf)
            #expect(
                await world.code { try await world.hear("getReport", as: world.emily, path: other) } == .accessRequired)
            #expect(await world.code { try await world.upload(as: world.raj, by: visit) } == .accessRequired)
            for doctor in [world.emily, world.raj] {
                #expect(await world.code { try await world.upload(as: doctor, fields: fields) } == .accessRequired)
            }
        }
    }

    @Test func `what is no file, no such type or other content is refused, and leaves nothing`() async throws {
        try await withWorld { world async throws in
            await #expect {
                _ = try await world.upload("a.exe", fields: [("report_type", "haircut")])
            } throws: {
                Set(($0 as? Problem)?.errors.map(\.field) ?? []) == ["file", "title", "report_type"]
            }
            let large = World.pdf + [UInt8](repeating: 0, count: 10_485_760)
            let refused: [(String, [UInt8], Problem.Code)] = [
                ("a.exe", World.pdf, .validationFailed), ("a", World.pdf, .validationFailed),
                ("a.pdf.html", World.pdf, .validationFailed), ("a.pdf", [], .validationFailed),
                ("a.pdf", Array("<html>%PDF-</html>".utf8), .contentRefused), ("a.png", World.pdf, .contentRefused),
                ("a.docx", [0x50, 0x4B, 3, 4] + World.pdf, .contentRefused), ("a.pdf", large, .payloadTooLarge),
            ]
            for (name, content, code) in refused {
                #expect(await world.code { try await world.upload(name, content) } == code, "\(name)")
            }
            #expect(await world.code { try await world.upload(fields: [("report_type", "lab")]) } == .validationFailed)
            #expect(
                await world.code { try await world.upload(fields: [("title", "a"), ("report_type", "poem")]) }
                    == .validationFailed)
            let fields = [("title", "a"), ("report_type", "lab"), ("appointment_id", world.noRecord.description)]
            #expect(await world.code { try await world.upload(fields: fields) } == .validationFailed)
            #expect(try await world.files() == 0)
            #expect(world.stored().isEmpty)
        }
    }

    @Test func `a patient's records have room for so much, hidden files included, and another's for as much`()
        async throws
    {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            _ = try await world.hear("deleteReport", as: world.ada, path: id)
            let kept = world.stored()
            // Full to the last byte, and with room for less than the file.
            for left in [0, World.pdf.count - 1] {
                try await world.fill(leaving: left)
                #expect(await world.code { try await world.upload() } == .quotaExceeded)
            }
            #expect(world.stored() == kept)
            #expect(try await world.upload(as: world.eve, to: world.evesRecord).status == 201)
            try await world.fill(leaving: World.pdf.count)
            #expect(try await world.upload().status == 201)
        }
    }

    @Test func `a repeated upload is answered with the first, and kept once`() async throws {
        try await withWorld { world async throws in
            let first = try await world.upload(key: "k-1")
            await #expect(throws: Replay.self) { try await world.upload(key: "k-1") }
            #expect(try await world.files() == 1)
            #expect(world.stored().count == 1 && first.status == 201)
        }
    }

    @Test func `who uploaded it takes it back within a day, and nobody sees it any more`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            try await world.grant(.otp, on: world.adasRecord, to: world.emily)
            #expect(await world.code { try await world.hear("deleteReport", as: world.emily, path: id) } == .forbidden)
            #expect(try await world.hear("deleteReport", as: world.ada, path: id).status == 200)
            #expect(await world.code { try await world.hear("getReport", as: world.ada, path: id) } == .notFound)
            #expect(await world.code { try await world.hear("deleteReport", as: world.ada, path: id) } == .notFound)
            #expect(try await world.hear("listMyReports", as: world.ada).json.array == [])
            let late = try #require(try await world.upload()["id"]?.string)
            world.clock.pass(.seconds(24 * 3600))
            #expect(await world.code { try await world.hear("deleteReport", as: world.ada, path: late) } == .conflict)
        }
    }

    @Test func `a stored file that was changed is refused, and noted in the audit trail`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            let path = try #require(world.stored().first)
            try world.flip(path, at: 100_000)
            // The first chunk is whole: what comes before the changed one is given, then the connection is cut.
            #expect(try await world.download(id, as: world.ada, 0..<10).1.count == 10)
            #expect(await world.code { try await world.download(id, as: world.ada) } == .internalError)
            try world.flip(path, at: 50)
            #expect(await world.code { try await world.download(id, as: world.ada) } == .internalError)
            #expect(unsafe unlink(path) == 0)
            #expect(await world.code { try await world.download(id, as: world.ada) } == .internalError)
            let noted = try await world.database.read(Column<Int>("count(*)"), as: Scope(world.admin)) {
                "select \($0) from audit_entry where action = 'file_damaged'"
            }
            #expect(noted == [3])
        }
    }

    @Test func `files without rows are swept after ten minutes, all others stay`() async throws {
        try await withWorld { world async throws in
            let id = try #require(try await world.upload()["id"]?.string)
            let path = try #require(world.stored().first)
            let orphan = String(path.dropLast(4)) + (path.hasSuffix("00aa") ? "00ab" : "00aa")
            // In the folder that its name says, beside a draft that nobody writes to.
            let folder = world.folder + "/00/" + orphan.suffix(2)
            for made in [world.folder + "/00", folder] { _ = unsafe mkdir(made, 0o700) }
            let place = folder + "/" + (orphan.split(separator: "/").last ?? "")
            #expect(unsafe link(path, place) == 0)
            #expect(unsafe link(path, world.folder + "/tmp/draft-0000.part") == 0)
            #expect(try await world.sweeper.sweep() == 0)
            world.clock.pass(.seconds(Int64(time(nil)) + 700 - 1_760_000_000))
            #expect(try await world.sweeper.sweep() == 2)
            #expect(world.stored() == [path])
            // The next sweeps look back an hour, and one a day at all.
            #expect(unsafe link(path, place) == 0)
            #expect(try await world.sweeper.sweep() == 1)
            #expect(unsafe link(path, place) == 0)
            world.clock.pass(.seconds(2 * 3600))
            #expect(try await world.sweeper.sweep() == 0)
            world.clock.pass(.seconds(22 * 3600))
            #expect(try await world.sweeper.sweep() == 1)
            #expect(try await world.download(id, as: world.ada).1 == World.pdf)
        }
    }

    @Test func `nothing of names and contents stands in the rows or files`() async throws {
        try await withWorld { world async throws in
            let content = Array("%PDF-1.7 CANARY-CONTENT".utf8)
            _ = try await world.upload(
                "canary-name.pdf", content,
                fields: [("title", "canary-title"), ("report_type", "lab"), ("description", "canary-description")])
            let rows = try await world.database.read(Column<String>("r::text || f::text"), as: Scope(world.ada)) {
                "select \($0) from report r join stored_file f using (file_id)"
            }
            let text = rows.joined().lowercased()
            #expect(!text.contains(Hex.encode(Array("canary".utf8))) && !text.contains("canary"))
            let bytes = try world.bytes(try #require(world.stored().first))
            #expect(bytes.starts(with: Array("PRXF1".utf8)))
            #expect(!String(decoding: bytes, as: UTF8.self).contains("CANARY"))
        }
    }
}

extension World {
    /// The code of the problem that is thrown; nil when nothing is.
    func code<T>(_ work: () async throws -> T) async -> Problem.Code? {
        do { _ = try await work() } catch { return (error as? Problem)?.code }
        return nil
    }

    /// Leaves so many bytes of the usual quota, by the size that Ada's one file is said to have.
    func fill(leaving left: Int) async throws {
        try await database.run(
            "update stored_file set plain_size = \(1_073_741_824 - left) where patient_id = \(adasRecord)",
            as: .service)
    }

    func files() async throws -> Int {
        try await database.read(Column<Int>("count(*)"), as: Scope(admin)) { "select \($0) from stored_file" }.one
    }

    /// Paths of all files in the store, drafts included.
    func stored() -> [String] {
        func walk(_ path: String) -> [String] {
            guard let directory = unsafe opendir(path) else { return [path] }
            defer { unsafe closedir(directory) }
            var found: [String] = []
            while let entry = unsafe readdir(directory) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                }
                if name != ".", name != ".." { found += walk("\(path)/\(name)") }
            }
            return found
        }
        return unsafe Glibc.access(folder, F_OK) == 0 ? walk(folder) : []
    }

    func bytes(_ path: String) throws -> [UInt8] {
        let file = unsafe Glibc.open(path, O_RDONLY)
        defer { Glibc.close(file) }
        var bytes = [UInt8](repeating: 0, count: 1_000_000)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        return Array(bytes.prefix(max(count, 0)))
    }

    func flip(_ path: String, at place: Int) throws {
        var bytes = try bytes(path)
        bytes[place] ^= 1
        let file = unsafe Glibc.open(path, O_WRONLY)
        defer { Glibc.close(file) }
        try #require(unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) } == bytes.count)
    }
}

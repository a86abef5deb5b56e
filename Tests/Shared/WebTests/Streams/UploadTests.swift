import API
import Crypto
import HTTP
import JSON
import Lifecycle
import Net
import Testing

/// Multipart bodies from the wire to a handler.
@Suite struct UploadTests {
    private typealias Form = MultipartCase

    private static let file = Form.file("filename=\"scan.pdf\"", "%PDF-1.7")

    @Test func `fields and file come in any order, and the file's bytes as they were sent`() async throws {
        try await FilesService.with { service in
            for form in [
                Form.field("title", "X-ray") + Form.field("pages", "3") + Self.file,
                Self.file + Form.field("pages", "3") + Form.field("title", "X-ray"),
                Form.field("title", "X-ray") + Self.file + Form.field("unknown", "x") + Form.field("pages", "3"),
            ] {
                let answer = try await service.upload(form + Form.end)
                #expect(answer.status == 201, "\(String(decoding: answer.bytes, as: UTF8.self))")
                let data = answer.json?["data"]
                #expect(data?["title"]?.string == "X-ray of 3")
                #expect(data?["name"]?.string == "scan.pdf")
                #expect(data?["type"]?.string == "application/pdf")
                #expect(data?["sha256"]?.string == Hex.encode(Digest.sha256("%PDF-1.7")))
            }
        }
    }

    @Test func `an empty file is a file of no bytes`() async throws {
        try await FilesService.with { service in
            let answer = try await service.upload(
                Form.field("title", "X-ray") + Form.file("filename=a.pdf", "") + Form.end)
            #expect(answer.json?["data"]?["size"]?.integer == 0)
        }
    }

    @Test(arguments: [
        (Form.end, ["title": "This field is required.", "file": "No file was submitted."]),
        (Form.field("title", "X") + Form.file("filename=\"\"", "") + Form.end, ["file": "No file was submitted."]),
        (Form.field("title", "X") + Form.field("file", "x") + Form.end, ["file": "The submitted data was not a file."]),
        (
            Form.field("title", "") + Form.field("pages", "70") + file + file + Form.end,
            [
                "title": "This field may not be blank.",
                "pages": "Ensure this value is less than or equal to 9.", "file": "Send one file.",
            ]
        ),
        (
            file + Form.field("title", "X") + Form.field("title", "Y") + Form.end, ["title": "Send this field once."]
        ),
        (
            Form.file("filename=refused.exe", "x") + Form.field("pages", "70") + file + Form.end,
            [
                "title": "This field is required.", "pages": "Ensure this value is less than or equal to 9.",
                "file": "Send one file.",
            ]
        ),
        (
            Form.field("title", "") + Form.file("filename=refused.exe", "x") + Form.end,
            ["title": "This field may not be blank.", "file": "No such type."]
        ),
        (
            file + Form.part("Content-Disposition: form-data; name=title; filename=a", "X") + Form.end,
            ["title": "A file is not expected here."]
        ),
    ])
    func `all that is wrong with the fields and the file is told together`(
        form: String, faults: [String: String]
    ) async throws {
        try await FilesService.with { service in
            let answer = try await service.upload(form)
            #expect((answer.status, answer.code) == (400, "validation_failed"))
            for (field, message) in faults {
                #expect(answer.json?["errors"]?[field]?.array?.contains(.string(message)) == true, "\(field)")
            }
        }
    }

    @Test func `text that is no UTF-8 is a fault of its field`() async throws {
        try await FilesService.with { service in
            let head = Array("--AaB03x\r\nContent-Disposition: form-data; name=title\r\n\r\n".utf8)
            let answer = try await service.ask(
                .post, "/api/files/\(FilesService.id)", ["Content-Type": "multipart/form-data; boundary=AaB03x"],
                body: .bytes(head + [0xFF] + Array(("\r\n" + Self.file + Form.end).utf8)))
            #expect(answer.status == 400)
            #expect(answer.json?["errors"]?["title"]?.array?.first?.string == "Must be text in UTF-8.")
        }
    }

    @Test func `a file's name that is no UTF-8 is no good form`() async throws {
        try await FilesService.with { service in
            let head = Array("--AaB03x\r\nContent-Disposition: form-data; name=file; filename=\"a".utf8)
            let rest = Array((".pdf\"\r\n\r\n%PDF-1.7\r\n" + Form.field("title", "X") + Form.end).utf8)
            let answer = try await service.ask(
                .post, "/api/files/\(FilesService.id)", ["Content-Type": "multipart/form-data; boundary=AaB03x"],
                body: .bytes(head + [0xFF] + rest))
            #expect((answer.status, answer.code) == (400, "malformed_multipart"))
        }
    }

    @Test func `what is no form, no good form, or too much has a status and a code of its own`() async throws {
        try await FilesService.with { service in
            let json = try await service.ask(
                .post, "/api/files/\(FilesService.id)", ["Content-Type": "application/json"],
                body: .bytes([0x7B, 0x7D]))
            #expect((json.status, json.code) == (415, "unsupported_media_type"))
            let cut = try await service.upload(Form.field("title", "X"))
            #expect((cut.status, cut.code) == (400, "malformed_multipart"))
            let crowd = try await service.upload((0...20).map { Form.field("f\($0)", "") }.joined() + Form.end)
            #expect((crowd.status, crowd.code) == (400, "malformed_multipart"))
            let large = try await service.upload(
                Form.file("filename=a.pdf", String(repeating: "a", count: 1_048_577)) + Form.end)
            #expect((large.status, large.code) == (413, "payload_too_large"))
            let exact = try await service.upload(
                Form.field("title", "X") + Form.file("filename=a.pdf", String(repeating: "a", count: 1_048_576))
                    + Form.end)
            #expect(exact.json?["data"]?["size"]?.integer == 1_048_576)
        }
    }

    @Test func `a handler refuses before a byte of the body was taken, and it reads no more at once than a part`()
        async throws
    {
        try await FilesService.with { service in
            let stream = try await service.open(
                .post, "/api/files/\(FilesService.closed)", ["Content-Type": "multipart/form-data; boundary=AaB03x"],
                "Content-Length: 100000\r\nExpect: 100-continue\r\n")
            let answer = await FilesService.read(stream)
            #expect(answer.hasPrefix("HTTP/1.1 403"), "\(answer)")
            let missing = try await service.upload("", to: "none")
            #expect(missing.status == 404)
            _ = try await service.upload(
                Form.field("title", "X") + Form.file("filename=a.pdf", String(repeating: "a", count: 1_000_000))
                    + Form.end)
            let chunks = service.log.chunks.withLock { $0 }
            #expect(chunks.reduce(0, +) == 1_000_000)
            #expect((chunks.max() ?? 0) < 2 * ByteStream.highWater)
        }
    }

    @Test func `a repeated upload is known by its parts, whatever its boundary is this time`() async throws {
        try await FilesService.with { service in
            let key: Headers = ["Idempotency-Key": "k1"]
            let form = Form.field("title", "X") + Self.file + Form.end
            func print(_ form: String, boundary: String = Form.boundary) async throws -> String? {
                try await service.upload(form, boundary: boundary, key).json?["data"]?["fingerprint"]?.string
            }
            let first = try await print(form)
            #expect(first?.count == 64)
            #expect(try await print(form.replacing(Form.boundary, with: "other"), boundary: "other") == first)
            for changed in [
                form.replacing("1.7", with: "1.6"), form.replacing("scan", with: "scam"),
                form.replacing("X", with: "Y"), Self.file + Form.field("title", "X") + Form.end,
            ] {
                #expect(try await print(changed) != first)
            }
            #expect(try await service.upload(form).json?["data"]?["fingerprint"]?.string == "none")
        }
    }

    @Test func `a sender that leaves ends the upload, and nothing is answered`() async throws {
        try await FilesService.with { service in
            let stream = try await service.open(
                .post, "/api/files/\(FilesService.id)", ["Content-Type": "multipart/form-data; boundary=AaB03x"],
                "Content-Length: 100000\r\n")
            stream.output += Array("--AaB03x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nabc".utf8)
            stream.flush()
            while service.log.chunks.withLock({ $0.isEmpty }) {
                try await service.group.loops[0].sleep(.milliseconds(1))
            }
            stream.close()
            // The next request is served as if nothing had been.
            #expect(try await service.upload(Form.field("title", "X") + Self.file + Form.end).status == 201)
        }
    }
}

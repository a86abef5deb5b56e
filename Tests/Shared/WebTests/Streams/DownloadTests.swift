import API
import HTTP
import JSON
import Net
import Testing
import Web

/// Files on their way out, whole and in part.
@Suite struct DownloadTests {
    private static let target = "/api/files/\(FilesService.id)/download"

    @Test func `a file is sent whole, to be saved under its name and not to be opened in place`() async throws {
        try await FilesService.with { service in
            let answer = try await service.ask(.get, Self.target, ["Accept": "text/html"])
            #expect(answer.status == 200)
            #expect(answer.bytes == FilesService.content)
            #expect(answer.headers["content-type"] == "application/pdf")
            #expect(answer.headers["accept-ranges"] == "bytes")
            #expect(answer.headers["etag"] == "\"v1\"")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.headers["content-security-policy"]?.hasPrefix("sandbox") == true)
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"_____ _1_.pdf\"; filename*=UTF-8''%D8%AA%D9%82%D8%B1%D9%8A%D8%B1%20%221%22.pdf"
            )
            let head = try await service.ask(.head, Self.target, ["Range": "bytes=0-9"])
            #expect((head.status, head.headers["content-length"], head.bytes) == (200, "100000", []))
        }
    }

    @Test(arguments: [
        ("bytes=0-9", 0..<10), ("bytes=99990-", 99_990..<100_000), ("bytes=-5", 99_995..<100_000),
        ("bytes=-200000", 0..<100_000), ("bytes=50000-200000", 50_000..<100_000), ("Bytes=7-7", 7..<8),
        ("bytes=0-99999999999999999999", 0..<100_000),
    ])
    func `one range is answered with that part`(field: String, range: Range<Int>) async throws {
        try await FilesService.with { service in
            let answer = try await service.ask(.get, Self.target, ["Range": field])
            #expect(answer.status == 206)
            #expect(answer.bytes == Array(FilesService.content[range]))
            #expect(answer.headers["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/100000")
            #expect(answer.headers["content-length"] == String(range.count))
        }
    }

    @Test(arguments: [
        "bytes=0-1,5-6", "lines=0-1", "bytes=5-1", "bytes=a-b", "bytes=", "bytes=-", "bytes", "bytes=1", "bytes=+1-2",
        "bytes=1 -2", "bytes=--1",
    ])
    func `several ranges, and what is none, are answered with the whole`(field: String) async throws {
        try await FilesService.with { service in
            let answer = try await service.ask(.get, Self.target, ["Range": field])
            #expect((answer.status, answer.bytes.count) == (200, 100_000))
            #expect(answer.headers["content-range"] == nil)
        }
    }

    @Test(arguments: ["bytes=100000-", "bytes=100000-100001", "bytes=-0", "bytes=99999999999999999999-"])
    func `a range beyond the end is refused with the length`(field: String) async throws {
        try await FilesService.with { service in
            let answer = try await service.ask(.get, Self.target, ["Range": field, "Accept": "image/png"])
            #expect((answer.status, answer.code) == (416, "range_not_satisfiable"))
            #expect(answer.headers["content-range"] == "bytes */100000")
            #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
        }
    }

    @Test func `a range of another file than the client has is the whole of this one`() async throws {
        try await FilesService.with { service in
            for (tag, status) in [
                ("\"v1\"", 206), ("\"v0\"", 200), ("W/\"v1\"", 200), ("Sat, 28 Nov 2026 04:12:37 GMT", 200),
            ] {
                let answer = try await service.ask(.get, Self.target, ["Range": "bytes=0-9", "If-Range": tag])
                #expect(answer.status == status, "\(tag)")
            }
            let known = try await service.ask(.get, Self.target, ["If-None-Match": "\"v1\"", "Range": "bytes=0-9"])
            #expect((known.status, known.headers["etag"], known.bytes) == (304, "\"v1\"", []))
        }
    }

    @Test func `an unknown file is a problem in JSON, whatever was asked for`() async throws {
        try await FilesService.with { service in
            let answer = try await service.ask(.get, "/api/files/none/download", ["Accept": "application/pdf"])
            #expect((answer.status, answer.code) == (404, "not_found"))
        }
    }
}

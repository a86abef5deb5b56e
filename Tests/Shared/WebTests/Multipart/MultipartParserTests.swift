import Testing
import Web

/// The machine alone: bytes in, events out.
@Suite struct MultipartParserTests {
    private struct Reading: Equatable {
        var parts: [MultipartCase.Part] = []
        var isOver = false
        var fault: MultipartFault?
    }

    /// Reads as `MultipartReader` does: what was not stepped over is shown again with more behind it.
    private static func read(_ pieces: [ArraySlice<UInt8>]) throws -> Reading {
        let boundary = try #require(
            try MultipartBoundary(contentType: "multipart/form-data; boundary=\(MultipartCase.boundary)"))
        var limits = MultipartLimits()
        limits.file = 100_000
        var parser = MultipartParser(boundary, limits: limits)
        var (reading, buffer) = (Reading(), [UInt8]())
        do throws(MultipartFault) {
            for piece in pieces {
                buffer += piece
                var index = 0
                stepping: while true {
                    switch try parser.next(buffer.span, at: &index) {
                    case .part(let head):
                        reading.parts.append(.init(head.name, file: head.fileName, ""))
                    case .data(let range): reading.parts[reading.parts.count - 1].content += buffer[range]
                    case .partEnd: break
                    case .end: reading.isOver = true
                    case .needsMore: break stepping
                    }
                }
                buffer.removeFirst(index)
            }
            try parser.finish()
        } catch {
            reading.fault = error
        }
        return reading
    }

    private static func check(_ reading: Reading, _ given: MultipartCase) {
        switch given.outcome {
        case .parts(let parts):
            #expect(reading == Reading(parts: parts, isOver: true), "\(given.name)")
        case .fault(let word):
            #expect(reading.fault?.rawValue == word, "\(given.name)")
        }
    }

    @Test(arguments: TakenMultipart.all + RefusedMultipart.all)
    func `a body is read, or refused with a stable word`(given: MultipartCase) throws {
        Self.check(try Self.read([given.bytes[...]]), given)
    }

    @Test(arguments: (TakenMultipart.all + RefusedMultipart.all).filter { $0.bytes.count < 1_000 })
    func `wherever a body is cut in two, it is the same body`(given: MultipartCase) throws {
        for cut in given.bytes.indices {
            Self.check(try Self.read([given.bytes[..<cut], given.bytes[cut...]]), given)
        }
        Self.check(try Self.read(given.bytes.indices.map { given.bytes[$0...$0] }), given)
    }

    @Test func `what a part says beside its name is told as it was sent`() throws {
        let boundary = try #require(
            try MultipartBoundary(contentType: "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"A b\""))
        var parser = MultipartParser(boundary)
        let bytes = Array(
            "--A b\r\nContent-Type:  image/png ; x=y \r\nContent-Disposition: form-data; name=f; filename=a\r\n\r\n"
                .utf8)
        var index = 0
        guard case .part(let head) = try parser.next(bytes.span, at: &index) else {
            Issue.record("no part")
            return
        }
        #expect(head.contentType == "image/png ; x=y")
        #expect((head.name, head.fileName) == ("f", "a"))
        #expect(index == bytes.count)
    }

    @Test(arguments: [
        "text/plain", "", "multipart/mixed; boundary=a", "multipart/form-datax; boundary=a", "application/json",
    ])
    func `another type is no form`(type: String) throws {
        #expect(try MultipartBoundary(contentType: type) == nil)
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=a/b",
        "multipart/form-data; boundary=\"\(String(repeating: "a", count: 71))\"",
        "multipart/form-data; boundary=\"a@b\"",
    ])
    func `a form without a boundary that can be one is refused`(type: String) {
        #expect(throws: MultipartFault.badBoundary) { try MultipartBoundary(contentType: type) }
    }
}

extension MultipartCase: CustomTestStringConvertible {
    var testDescription: String { name }
}

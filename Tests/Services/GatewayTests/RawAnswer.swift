import HTTP
import Net

/// One answer as it came, byte by byte, with no client of ours in between.
struct RawAnswer: Sendable {
    /// The status line and the fields.
    let lines: [String]
    let body: [UInt8]

    struct Missing: Error {}

    /// Sends what waits to be sent, and reads the next answer.
    static func next(on stream: ByteStream) async throws -> RawAnswer {
        var lines: [String] = []
        while true {
            guard let line = try await line(stream) else { throw Missing() }
            if line.isEmpty { break }
            lines.append(line)
        }
        let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        while stream.available < length { guard await stream.fill() else { throw Missing() } }
        return RawAnswer(lines: lines, body: stream.take(length))
    }

    private static func line(_ stream: ByteStream) async throws -> String? {
        while true {
            if let end = stream.input.bytes.firstIndex(of: 0x0A) {
                let line = stream.take(end - stream.input.bytes.startIndex + 1)
                return String(decoding: line.dropLast(2), as: UTF8.self)
            }
            guard await stream.fill() else { return nil }
        }
    }

    func value(_ name: String) -> String? {
        lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.utf8.count + 2)) }
    }

    /// The lines without what is each answer's own.
    var lasting: [String] {
        lines.filter { !$0.hasPrefix("Date:") && !$0.hasPrefix("X-Request-Id:") && !$0.hasPrefix("RateLimit") }
    }
}

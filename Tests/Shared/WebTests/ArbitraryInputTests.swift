import API
import HTTP
import JSON
import Kernel
import Testing
import Web

/// No query, cursor or header field ends a process: thousands of requests made of what has ended one elsewhere, and of
/// chance.
@Suite struct ArbitraryInputTests {
    /// The same numbers on every run.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static let pieces = [
        "9223372036854775807", "-9223372036854775808", "-1", "0", "1e400", "253402300800000000", "%00", "%ff",
        "%F0%9F%98%80",
        "01a21fc8-7f30-70c0-9ccc-29a2bba79fff", "_", "/", "=", "&", "%", "+", ";q=0.5", ",", "*/*", "\"", "AQ", "é",
        "\u{1F600}",
        "application/json", "profile=plain", "2024-02-29T23:59:60Z", "0001-01-01T00:00:00+23:59", "W/\"7\"", "bytes=0-",
        String(repeating: "9", count: 400), String(repeating: "A", count: 900), " ", "\t", ".",
    ]
    private static let fields = [
        "accept", "content-type", "if-match", "if-none-match", "idempotency-key", "traceparent", "x-praxis-principal",
        "x-praxis-deadline", "accept-language", "range", "content-length",
    ]
    private static let parameters = ["cursor", "page", "page_size", "search", "x", ""]

    private func text(_ chance: inout Chance) -> String {
        (0..<Int.random(in: 0...4, using: &chance)).map { _ in Self.pieces.randomElement(using: &chance) ?? "" }
            .joined()
    }

    @Test func `whatever stands in query and fields, there is an answer`() async throws {
        let notes = try Notes()
        var chance = Chance()
        for _ in 0..<4000 {
            var headers: Headers = [:]
            for _ in 0..<Int.random(in: 0...3, using: &chance) {
                headers.add(Self.fields.randomElement(using: &chance) ?? "accept", text(&chance))
            }
            let name = Self.parameters.randomElement(using: &chance) ?? ""
            let target = "/api/notes?\(name)=\(text(&chance))"
            guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { continue }
            let answer = try? await notes.ask(.get, target, headers)
            // 504: `x-praxis-deadline` may say that no time is left.
            #expect(answer.map { (200..<500).contains($0.status) || $0.status == 504 } ?? true)
        }
    }
}

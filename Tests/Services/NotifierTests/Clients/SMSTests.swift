import JSON
import Kernel
import Net
import Notifier
import NotifierDomain
import TestSupport
import Testing

struct SMSTests {
    static func message(_ text: String = "482913 is \"your\" code & more", key: String = "key-1") throws -> TextMessage
    {
        TextMessage(
            id: try #require(ID("01890000-0000-7000-8000-000000000001")), kind: "phone_code", key: key,
            to: try #require(PhoneNumber("+4915112345678")), text: text, date: Instant(seconds: 1_760_000_000))
    }

    static func answer(_ status: String, _ more: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: 2\r\nConnection: close\r\n\(more)\r\n{}"
    }

    /// Posts one text to a provider that answers so; the outcome, and what the provider got.
    func send(
        _ answer: String?, key: Secret? = Secret("k-1"), scheme: String = "Bearer", form: SMSForm = .default,
        sender: String? = nil, path: String = "/v1/sms"
    ) async throws -> (Outcome, HTTPSink.Received?) {
        let sink = HTTPSink(answer)
        let pool = BlockingPool(name: "sink", threads: 1, queue: 1)
        async let served: Void = pool.run { sink.serve() }
        let provider = SMSProvider(
            url: "http://127.0.0.1:\(sink.port)\(path)", key: key, scheme: scheme, form: form, sender: sender)
        let outcome = await HTTPTexter(provider, timeout: .seconds(2)).send(try Self.message())
        try await served
        return (outcome, sink.requests.first)
    }

    @Test func `a text is posted as json, with our key and its own`() async throws {
        let (outcome, got) = try await send(Self.answer("202 Accepted"))
        #expect(outcome == .accepted)
        let request = try #require(got)
        #expect(request.lines.first == "POST /v1/sms HTTP/1.1")
        #expect(request["Authorization"] == "Bearer k-1")
        #expect(request["Idempotency-Key"] == "key-1")
        #expect(request["Content-Type"] == "application/json" && request["Expect"] == nil)
        let json = try JSONReader.read(Array(request.body.utf8))
        #expect(
            json == [
                "to": "+4915112345678", "text": "482913 is \"your\" code & more",
                "id": "01890000-0000-7000-8000-000000000001",
            ])
    }

    @Test func `a provider that wants a form gets a form`() async throws {
        let form = try #require(SMSForm("To={{to}}&From={{sender}}&Body={{text}}"))
        let (outcome, got) = try await send(
            Self.answer("201 Created"), scheme: "Basic", form: form, sender: "Praxis & Co")
        #expect(outcome == .accepted)
        #expect(got?["Content-Type"] == "application/x-www-form-urlencoded" && got?["Authorization"] == "Basic k-1")
        #expect(
            got?.body
                == "To=%2B4915112345678&From=Praxis%20%26%20Co&Body=482913%20is%20%22your%22%20code%20%26%20more")
    }

    @Test func `without a key nothing is said of one`() async throws {
        #expect(try await send(Self.answer("200 OK"), key: nil).1?["Authorization"] == nil)
    }

    @Test(arguments: [
        ("200 OK", Outcome.accepted), ("204 No Content", .accepted), ("400 Bad Request", .refused(code: "sms_400")),
        ("422 Unprocessable", .refused(code: "sms_422")), ("403 Forbidden", .refused(code: "sms_403")),
        ("408 Request Timeout", .deferred(code: "sms_408")), ("429 Too Many", .deferred(code: "sms_429")),
        ("500 Oops", .deferred(code: "sms_500")), ("503 Later", .deferred(code: "sms_503")),
        ("401 Unauthorized", .away(code: "sms_401")),
    ])
    func `the number of the answer decides`(status: String, outcome: Outcome) async throws {
        let length = status.hasPrefix("204") ? "HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n" : Self.answer(status)
        #expect(try await send(length).0 == outcome)
    }

    @Test func `a redirect is not followed`() async throws {
        let other = HTTPSink(Self.answer("200 OK"))
        let (outcome, _) = try await send(
            Self.answer("307 Moved", "Location: http://127.0.0.1:\(other.port)/\r\n"))
        #expect(outcome == .away(code: "sms_307"))
        #expect(other.requests.isEmpty)
    }

    @Test func `a provider that hangs, breaks off, speaks otherwise or is not there is away`() async throws {
        #expect(try await send(nil).0 == .away(code: "sms_time_out"))
        for answer in ["", "HTTP/1.1 20", "220 smtp\r\n"] {
            guard case .away = try await send(answer).0 else {
                Issue.record("nobody knows whether it was taken")
                return
            }
        }
        let nobody = HTTPTexter(SMSProvider(url: "http://127.0.0.1:1/"))
        #expect(await nobody.send(try Self.message()) == .away(code: "sms_unreachable"))
    }

    @Test func `over tls nothing is said to who has not proven to be the provider`() async throws {
        let sink = HTTPSink("HTTP/1.1 200 OK\r\n\r\n")
        let pool = BlockingPool(name: "sink", threads: 1, queue: 1)
        async let served: Void = pool.run { sink.serve() }
        let texter = HTTPTexter(SMSProvider(url: "https://127.0.0.1:\(sink.port)/"), timeout: .seconds(2))
        guard case .away = await texter.send(try Self.message()) else {
            Issue.record("nobody proved anything")
            return
        }
        try await served
        #expect(sink.requests.allSatisfy { !"\($0)".contains("482913") && !"\($0)".contains("Idempotency") })
    }

    @Test(arguments: ["a\r\nb", "a\nb", "a\u{0}b", "a\u{7F}", "a\u{85}b", "", String(repeating: "x", count: 481)])
    func `a text in which something acts, or nothing stands, is refused before anybody is asked`(
        text: String
    ) async throws {
        let texter = HTTPTexter(SMSProvider(url: "http://127.0.0.1:1/"))
        #expect(await texter.send(try Self.message(text)) == .refused(code: "unsafe_text"))
        #expect(await texter.send(try Self.message("x", key: "k\r\nX: y")) == .refused(code: "unsafe_text"))
    }
}

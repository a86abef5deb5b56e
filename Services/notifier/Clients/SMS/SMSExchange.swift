import Kernel
import NotifierDomain
import Outbound

/// One text message posted over one connection. Blocks; belongs on a thread that may.
struct SMSExchange: Sendable {
    let provider: SMSProvider
    let key: String
    let type: String
    let body: [UInt8]
    let timeout: Duration

    func run() -> Outcome {
        let authorization = provider.key.map { ["Authorization: \(provider.scheme) \($0.expose())"] } ?? []
        // Nobody reads the answer's body: the number says it all, and a body may repeat the message.
        let post = HTTPPost(
            url: provider.url,
            fields: authorization + ["Content-Type: \(type)", "Accept: application/json", "Idempotency-Key: \(key)"],
            body: body, timeout: timeout, authorities: provider.authorities)
        return SMSVerdict.outcome(of: post.run())
    }
}

/// What the provider's status, or the lack of one, means for the message.
enum SMSVerdict {
    static func outcome(of result: Result<OutboundAnswer, OutboundFault>) -> Outcome {
        switch result {
        case .success(let answer): answered(answer.status)
        case .failure(.setUp): .away(code: "curl")
        case .failure(.unreachable): .away(code: "sms_unreachable")
        case .failure(.tls): .away(code: "sms_tls")
        case .failure(.timedOut): .away(code: "sms_time_out")
        case .failure(.tooLong): .away(code: "sms_broken")
        case .failure(.other(let code)): .away(code: "sms_curl_\(code)")
        }
    }

    private static func answered(_ status: Int) -> Outcome {
        switch status {
        case 200...299: .accepted
        case 408, 429, 500...599: .deferred(code: "sms_\(status)")
        // Our key, or where we ask: nothing about this message.
        case 300...399, 401, 407: .away(code: "sms_\(status)")
        case 400...499: .refused(code: "sms_\(status)")
        default: .away(code: "sms_broken")
        }
    }
}

import Kernel
import Net
package import NotifierDomain

/// Hands text messages to a provider over HTTP by libcurl, on threads of its own.
package struct HTTPTexter: Texter {
    private let provider: SMSProvider
    private let timeout: Duration
    private let pool: BlockingPool

    /// - Parameter timeout: for one message, from looking up the provider's name to its last byte.
    package init(_ provider: SMSProvider, timeout: Duration = TryLease.sending) {
        self.provider = provider
        self.timeout = timeout
        pool = BlockingPool(name: "sms", threads: 4, queue: 16)
    }

    package func send(_ message: TextMessage) async -> Outcome {
        guard message.isSafe else { return .refused(code: "unsafe_text") }
        let values = [
            "to": message.to.text, "text": message.text, "id": message.id.description, "sender": provider.sender ?? "",
        ]
        guard let body = try? provider.form.filled(values) else { return .refused(code: "sms_form") }
        let exchange = SMSExchange(
            provider: provider, key: message.key, type: body.type, body: body.bytes, timeout: timeout)
        do {
            return try await pool.run { exchange.run() }
        } catch {
            return .away(code: "busy")
        }
    }
}

import Crypto
package import Kernel

/// The header fields by which a receiver knows who sent an event, and that it is whole (Standard Webhooks 1.0).
package enum WebhookSignature {
    /// `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`: with each secret `v1,` and base64 of the
    /// HMAC-SHA256 of `id.timestamp.body`, with a space between.
    package static func fields(
        _ id: ID<HookDelivery>, at now: Instant, body: String, secrets: [HookSecret]
    ) -> [String] {
        let seconds = now.microseconds / 1_000_000
        let signatures = secrets.map { secret in
            "v1," + Base64.encode(HMACKey(secret.bytes).sign("\(id).\(seconds).\(body)"))
        }
        return [
            "webhook-id: \(id)", "webhook-timestamp: \(seconds)",
            "webhook-signature: \(signatures.joined(separator: " "))",
        ]
    }
}

/// The headers of every answer to a client (hardening.md §5). The gateway adds them; a field that an answer already
/// has is left as it is.
package enum SecurityHeaders {
    package static let strictTransport = "max-age=63072000; includeSubDomains"
    /// Seed 000's value; `XSS_PROTECTION_HEADER=0` switches the browser's filter off, as OWASP advises.
    package static let xssProtection = "1; mode=block"

    /// For JSON and everything else that is no page.
    package static let standard: [(name: String, value: String)] = [
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        (
            "Content-Security-Policy",
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        (
            "Permissions-Policy",
            "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
                + "payment=(), usb=()"
        ),
        ("Cache-Control", "no-store"),
    ]
}

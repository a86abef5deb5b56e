import Crypto
package import Kernel

/// A mail as it goes over the wire (RFC 5322, RFC 2045): text and HTML as alternatives, both in base64, so that no line
/// is too long, none starts with a dot and no line end is anything but CR LF. The same mail gives the same bytes.
package enum MailText {
    package static func write(_ mail: Mail) throws(UnsafeHeader) -> [UInt8] {
        let boundary = "=_praxis_\(mail.id)"
        var text = ""
        for (field, value) in headers(of: mail, boundary) {
            // Encoded words fold by themselves; nothing else may carry a line end.
            guard HeaderText.isSafe(value.replacing("\r\n ", with: " ")) else { throw UnsafeHeader(field: field) }
            text += "\(field): \(value)\r\n"
        }
        text += "\r\n"
        for (type, content) in [("plain", mail.text), ("html", mail.html)] {
            text += "--\(boundary)\r\nContent-Type: text/\(type); charset=utf-8\r\n"
            text += "Content-Transfer-Encoding: base64\r\n\r\n\(lines(content))"
        }
        text += "--\(boundary)--\r\n"
        return Array(text.utf8)
    }

    private static func headers(of mail: Mail, _ boundary: String) -> [(String, String)] {
        let from = mail.from.address.ascii
        let headers = [
            ("Date", date(mail.date)),
            ("From", mail.from.name.isEmpty ? from : "\(HeaderText.phrase(mail.from.name)) <\(from)>"),
        ]
        return headers + [
            ("To", mail.to.ascii), ("Subject", HeaderText.words(mail.subject)), ("Message-ID", mail.messageID),
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
            ("Content-Type", "multipart/alternative;\r\n boundary=\"\(boundary)\""),
        ]
    }

    /// RFC 5322 §3.3, in UTC: `Sat, 21 Nov 2026 03:28:23 +0000`.
    package static func date(_ instant: Instant) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = instant.date
        let weekday = days[((date.daysSinceEpoch % 7) + 7) % 7]
        let clock = instant.rfc3339.split(separator: "T").last?.prefix(8) ?? "00:00:00"
        return "\(weekday), \(date.day) \(months[date.month - 1]) \(date.year) \(clock) +0000"
    }

    static func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes) }

    private static func lines(_ content: String) -> String {
        // Text inside a mail has CR LF at its line ends (RFC 2046 §4.1.1), base64 or not.
        let canonical = content.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        let encoded = Array(Base64.encode(Array(canonical.utf8)).utf8)
        var text = ""
        for start in stride(from: 0, to: encoded.count, by: 76) {
            text += String(decoding: encoded[start..<min(start + 76, encoded.count)], as: UTF8.self) + "\r\n"
        }
        return text
    }
}

import API
import Crypto
package import Kernel

/// A mail as it goes over the wire (RFC 5322, RFC 2045): text and HTML as alternatives, and a calendar file beside them
/// where there is one. All of it is in base64, so that no line is too long, none starts with a dot and no line end is
/// anything but CR LF. The same mail gives the same bytes.
package enum MailText {
    package static func write(_ mail: Mail) throws(UnsafeHeader) -> [UInt8] {
        let body = body(of: mail)
        var text = ""
        for (field, value) in headers(of: mail) + body.headers {
            // Encoded words fold by themselves; nothing else may carry a line end.
            guard HeaderText.isSafe(value.replacing("\r\n ", with: " ")) else { throw UnsafeHeader(field: field) }
            text += "\(field): \(value)\r\n"
        }
        return Array((text + "\r\n" + body.content).utf8)
    }

    private static func headers(of mail: Mail) -> [(String, String)] {
        let from = mail.from.address.ascii
        // One click, without a page or a login between (RFC 8058).
        let unsubscribing = mail.unsubscribeURL.map {
            [("List-Unsubscribe", "<\($0)>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
        }
        return [
            ("Date", date(mail.date)),
            ("From", mail.from.name.isEmpty ? from : "\(HeaderText.phrase(mail.from.name)) <\(from)>"),
            ("To", mail.to.ascii), ("Subject", HeaderText.words(mail.subject)), ("Message-ID", mail.messageID),
            ("Auto-Submitted", "auto-generated"), ("MIME-Version", "1.0"),
        ] + (unsubscribing ?? [])
    }

    /// A part of a mail, or all of it below its headers.
    private struct Part {
        let headers: [(String, String)]
        let content: String

        var written: String { headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n" + content }
    }

    private static func body(of mail: Mail) -> Part {
        let words = multipart(
            "alternative", "=_praxis_\(mail.id)",
            [leaf("text/plain; charset=utf-8", mail.text), leaf("text/html; charset=utf-8", mail.html)])
        guard let calendar = mail.calendar else { return words }
        // Beside the alternatives, not among them: some programs show a calendar instead of the words.
        let file = leaf(
            "text/calendar; charset=utf-8; method=\(calendar.method.rawValue)", calendar.text,
            [("Content-Disposition", "attachment; filename=\"appointment.ics\"")])
        return multipart("mixed", "=_mixed_\(mail.id)", [words, file])
    }

    private static func multipart(_ kind: String, _ boundary: String, _ parts: [Part]) -> Part {
        Part(
            headers: [("Content-Type", "multipart/\(kind);\r\n boundary=\"\(boundary)\"")],
            content: parts.map { "--\(boundary)\r\n\($0.written)" }.joined() + "--\(boundary)--\r\n")
    }

    private static func leaf(_ type: String, _ content: String, _ more: [(String, String)] = []) -> Part {
        Part(
            headers: [("Content-Type", type)] + more + [("Content-Transfer-Encoding", "base64")],
            content: lines(content))
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

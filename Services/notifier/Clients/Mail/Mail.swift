package import API
package import Kernel

/// An address with the name that goes before it.
package struct Mailbox: Sendable, Equatable {
    package let name: String
    package let address: Email

    package init(name: String, address: Email) {
        self.name = name
        self.address = address
    }

    /// Reads `Praxis <no-reply@praxis.example>` and the bare address.
    package init?(_ text: String) {
        let clean = CleanText.trimmed(text)
        guard clean.hasSuffix(">"), let open = clean.lastIndex(of: "<") else {
            guard let address = Email(clean) else { return nil }
            self.init(name: "", address: address)
            return
        }
        guard let address = Email(String(clean[clean.index(after: open)...].dropLast())) else { return nil }
        let name = CleanText.trimmed(String(clean[..<open])).filter { $0 != "\"" }
        guard HeaderText.isSafe(name) else { return nil }
        self.init(name: name, address: address)
    }
}

/// One mail, ready to be sent.
package struct Mail: Sendable, Equatable {
    package let id: ID<Delivery>
    package let kind: String
    package let from: Mailbox
    package let to: Email
    package let subject: String
    package let text: String
    package let html: String
    package let calendar: CalendarPartView?
    /// Where its reader ends mails of its kind; nil of what nothing turns off.
    package let unsubscribeURL: String?
    /// With its angle brackets; the same for every try.
    package let messageID: String
    package let date: Instant

    package init(
        id: ID<Delivery>, kind: String, from: Mailbox, to: Email, subject: String, text: String, html: String,
        calendar: CalendarPartView? = nil, unsubscribeURL: String? = nil, messageID: String, date: Instant
    ) {
        self.id = id
        self.kind = kind
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.calendar = calendar
        self.unsubscribeURL = unsubscribeURL
        self.messageID = messageID
        self.date = date
    }
}

/// A value that would have broken out of its header.
package struct UnsafeHeader: Error, Equatable {
    package let field: String
}

/// What may stand in a header (RFC 5322 §2.2), and how words beyond ASCII get there (RFC 2047).
enum HeaderText {
    static func isSafe(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 >= 0x80 }
    }

    /// The text itself when it is plain, else encoded words of at most 75 characters, a line each.
    static func words(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.count <= 200
        return isPlain && !text.contains("=?") ? text : encoded(text)
    }

    /// A name before an address: quoted, so that commas and brackets in it are only text.
    static func phrase(_ text: String) -> String {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), text.utf8.count <= 200 else { return encoded(text) }
        let escaped = text.flatMap { $0 == "\\" || $0 == "\"" ? ["\\", $0] : [$0] }
        return "\"\(String(escaped))\""
    }

    private static func encoded(_ text: String) -> String {
        var words: [String] = []
        var piece: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if piece.count + bytes.count > 45 {
                words.append(word(piece))
                piece = []
            }
            piece += bytes
        }
        words.append(word(piece))
        return words.joined(separator: "\r\n ")
    }

    private static func word(_ bytes: [UInt8]) -> String { "=?UTF-8?B?\(MailText.base64(bytes))?=" }
}

extension Email {
    /// What stands behind the `@`.
    package var domain: String { ascii.split(separator: "@").last.map(String.init) ?? "localhost" }
}

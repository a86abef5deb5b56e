package import Kernel

/// A message in words.
package struct Letter: Sendable, Equatable {
    package let subject: String
    package let text: String
    package let html: String
}

/// The words for each kind of message.
package struct LetterBook: Sendable {
    /// A kind of message without words for one of its channels.
    package enum Fault: Error, Equatable { case noTemplate(String) }

    private let pages: [MessageKind: (text: Template, html: Template)]
    private let texts: [MessageKind: Template]
    private let site: String

    /// Fails when a kind has no words for one of its channels.
    /// - Parameters:
    ///   - sources: the templates of letters, as text and as HTML.
    ///   - texts: those of text messages: short, of plain letters, no link in them.
    ///   - site: where people go to use the service.
    package init(
        _ sources: [MessageKind: (text: String, html: String)], texts: [MessageKind: String] = [:], site: String
    ) throws {
        var pages: [MessageKind: (text: Template, html: Template)] = [:]
        var short: [MessageKind: Template] = [:]
        for kind in MessageKind.allCases {
            if kind.channels.contains(.email) {
                guard let source = sources[kind] else { throw Fault.noTemplate(kind.rawValue) }
                pages[kind] = (try Template(source.text, as: .text), try Template(source.html, as: .html))
            }
            if kind.channels.contains(.sms) {
                guard let source = texts[kind] else { throw Fault.noTemplate(kind.rawValue) }
                short[kind] = try Template(source, as: .text)
            }
        }
        (self.pages, self.texts, self.site) = (pages, short, site)
    }

    /// - Parameters:
    ///   - token: stands in the link of a letter that has one.
    ///   - moment: when what the letter is about happened.
    package func letter(
        _ kind: MessageKind, to name: String, token: String? = nil, about moment: Instant? = nil
    ) throws -> Letter {
        guard let page = pages[kind] else { throw Fault.noTemplate(kind.rawValue) }
        var values = ["name": LetterBook.salutation(name), "site": site]
        if let token, let page = kind.page {
            values["link"] = "\(site.hasSuffix("/") ? String(site.dropLast()) : site)/\(page)?token=\(token)"
        }
        if let moment { values["time"] = LetterBook.words(for: moment) }
        return Letter(
            subject: kind.subject, text: try page.text.filled(values), html: try page.html.filled(values))
    }

    /// A text message's words.
    package func text(_ kind: MessageKind, code: String, minutes: Int) throws -> String {
        guard let template = texts[kind] else { throw Fault.noTemplate(kind.rawValue) }
        let text = try template.filled(["code": code, "minutes": String(minutes)])
        // A file's last line ends; a text message does not.
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// `25 November 2026, 10:12 UTC`: nobody's zone is known here.
    package static func words(for moment: Instant) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let date = moment.date
        let clock = moment.rfc3339.split(separator: "T").last?.prefix(5) ?? "00:00"
        return "\(date.day) \(months[date.month - 1]) \(date.year), \(clock) UTC"
    }

    /// Names are what strangers typed when they registered somebody's address: one that could be a link or an
    /// advertisement is not passed on.
    package static func salutation(_ name: String) -> String {
        let isLikeAName =
            (1...60).contains(name.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || " '-’.,".unicodeScalars.contains(scalar)
                    || scalar.properties.generalCategory == .nonspacingMark
            }
        return isLikeAName && !hasDomain(name) ? name : "there"
    }

    /// Whether a mail program could make a link of it: a dot with a letter right behind it, as in `evil.example`. Initials and
    /// titles are none (`J.R. Smith`, `St.John`): a capital follows, and more letters than most top-level domains have.
    private static func hasDomain(_ name: String) -> Bool {
        name.split(separator: " ").contains { word in
            let parts = word.split(separator: ".")
            return zip(parts, parts.dropFirst()).contains { before, after in
                let isInitial = after.count == 1
                let isTitle = titles.contains(before.lowercased()) || before.count == 1
                return !isInitial && !(isTitle && after.count > 3 && after.first?.isUppercase == true)
            }
        }
    }

    private static let titles: Set<String> = ["dr", "fr", "jr", "md", "mr", "mrs", "ms", "prof", "sr", "st", "ste"]
}

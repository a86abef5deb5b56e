/// A message in words.
package struct Letter: Sendable, Equatable {
    package let subject: String
    package let text: String
    package let html: String
}

/// The words for each kind of message.
package struct LetterBook: Sendable {
    package enum Fault: Error, Equatable { case noTemplate(String) }

    private let pages: [MessageKind: (text: Template, html: Template)]
    private let site: String

    /// - Parameters:
    ///   - sources: the templates, as text and as HTML.
    ///   - site: where people go to use the service.
    package init(_ sources: [MessageKind: (text: String, html: String)], site: String) throws {
        var pages: [MessageKind: (text: Template, html: Template)] = [:]
        for kind in MessageKind.allCases {
            guard let source = sources[kind] else { throw Fault.noTemplate(kind.rawValue) }
            pages[kind] = (try Template(source.text, as: .text), try Template(source.html, as: .html))
        }
        (self.pages, self.site) = (pages, site)
    }

    /// `token` stands in the link of a letter that has one.
    package func letter(_ kind: MessageKind, to name: String, token: String? = nil) throws -> Letter {
        guard let page = pages[kind] else { throw Fault.noTemplate(kind.rawValue) }
        var values = ["name": LetterBook.salutation(name), "site": site]
        if let token {
            values["link"] = "\(site.hasSuffix("/") ? String(site.dropLast()) : site)/verify-email?token=\(token)"
        }
        return Letter(
            subject: kind.subject, text: try page.text.filled(values), html: try page.html.filled(values))
    }

    /// Names are what strangers typed when they registered somebody's address: one that could be a link or an
    /// advertisement is not passed on.
    package static func salutation(_ name: String) -> String {
        let isLikeAName =
            (1...60).contains(name.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || " '-’.".unicodeScalars.contains(scalar)
                    || scalar.properties.generalCategory == .nonspacingMark
            }
        return isLikeAName && !hasDomain(name) ? name : "there"
    }

    /// A dot with a letter right behind it, as in `evil.example`; `Dr. Novak` and `J. R. Smith` have a space there.
    private static func hasDomain(_ name: String) -> Bool {
        let scalars = Array(name.unicodeScalars)
        return zip(scalars, scalars.dropFirst()).contains { $0 == "." && $1 != " " }
    }
}

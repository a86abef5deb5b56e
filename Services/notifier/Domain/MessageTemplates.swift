package import Kernel

/// A mail in words.
package struct MailWords: Sendable, Equatable {
    package let subject: String
    package let text: String
    package let html: String
}

/// The words for each kind of message, found by the kind's name: `welcome.txt` and `welcome.html` for a mail,
/// `phone_code.sms` for a text.
package struct MessageTemplates: Sendable {
    /// A kind of message without words for one of its channels.
    package enum Fault: Error, Equatable {
        /// No file of that name.
        case noTemplate(String)
    }

    private let templates: [String: Template]
    private let site: String

    /// Fails when a kind has no words for one of its channels.
    /// - Parameters:
    ///   - files: the templates' texts by the files' names.
    ///   - site: where people go to use the service.
    package init(_ files: [String: String], site: String) throws {
        var templates: [String: Template] = [:]
        for name in MessageKind.allCases.flatMap(Self.files) {
            guard let source = files[name] else { throw Fault.noTemplate(name) }
            templates[name] = try Template(source, as: name.hasSuffix(".html") ? .html : .text)
        }
        self.templates = templates
        self.site = site
    }

    /// The names of the files that a kind needs.
    package static func files(of kind: MessageKind) -> [String] {
        kind.channels.flatMap { channel in
            switch channel {
            case .email: ["\(kind.rawValue).txt", "\(kind.rawValue).html"]
            case .sms: ["\(kind.rawValue).sms"]
            }
        }
    }

    /// - Parameters:
    ///   - values: what the owner of the kind said, by their names in the template.
    ///   - token: stands in the link of a mail that has one.
    ///   - moment: when what the mail is about happened.
    package func mail(
        _ kind: MessageKind, to name: String, _ values: [String: String] = [:], token: String? = nil,
        about moment: Instant? = nil
    ) throws -> MailWords {
        var values = values
        values["name"] = Self.salutation(name)
        values["site"] = site
        let root = site.hasSuffix("/") ? String(site.dropLast()) : site
        values["root"] = root
        if let token, let page = kind.page { values["link"] = "\(root)/\(page)?token=\(token)" }
        if let moment { values["time"] = Self.words(for: moment) }
        return MailWords(
            subject: kind.subject, text: try filled(kind, "txt", values), html: try filled(kind, "html", values))
    }

    /// A text message's words.
    package func text(_ kind: MessageKind, _ values: [String: String]) throws -> String {
        let text = try filled(kind, "sms", values)
        // A file's last line ends; a text message does not.
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func filled(_ kind: MessageKind, _ ending: String, _ values: [String: String]) throws -> String {
        let name = "\(kind.rawValue).\(ending)"
        guard let template = templates[name] else { throw Fault.noTemplate(name) }
        return try template.filled(values)
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
    package static func salutation(_ name: String) -> String { shown(name) ?? "there" }

    /// The name, where it is like one.
    package static func shown(_ name: String) -> String? {
        let isLikeAName =
            (1...60).contains(name.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || " '-’.,".unicodeScalars.contains(scalar)
                    || scalar.properties.generalCategory == .nonspacingMark
            }
        return isLikeAName && !hasDomain(name) ? name : nil
    }

    /// The name of a hospital, which may have numbers in it, or what stands in its place.
    package static func shownHospital(_ name: String) -> String {
        let isLikeAName =
            (1...200).contains(name.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || " '-’.,&()".unicodeScalars.contains(scalar)
                    || scalar.properties.generalCategory == .nonspacingMark
            }
        return isLikeAName && !hasDomain(name) ? name : notShown
    }

    /// The name of a doctor, or what stands in its place.
    package static func shownDoctor(_ name: String) -> String { shown(name) ?? notShown }

    private static let notShown = "(a name that could be a link)"

    /// Whether a mail program could make a link of it: a dot with a letter right behind it, as in `evil.example`.
    /// Initials and titles are none (`J.R. Smith`, `St.John`): a capital follows, and more letters than most top-level
    /// domains have.
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

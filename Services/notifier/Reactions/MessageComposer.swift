import Kernel
package import NotifierDomain

/// Writes a message at the moment it is sent: asks how to reach the recipient, and finds the words.
package struct MessageComposer: Sendable {
    private let contacts: any ContactSource
    private let contents: ContentSources
    private let templates: MessageTemplates
    private let unsubscribing: UnsubscribeLinks
    private let from: Mailbox

    package init(
        contacts: any ContactSource, contents: ContentSources, templates: MessageTemplates,
        unsubscribing: UnsubscribeLinks, from: Mailbox
    ) {
        self.contacts = contacts
        self.contents = contents
        self.templates = templates
        self.unsubscribing = unsubscribing
        self.from = from
    }

    enum Written: Sendable {
        case mail(Mail)
        case text(TextMessage)
        /// There is nothing to send, and that is how the try ends.
        case nothing(Outcome)
    }

    func write(_ due: DueDelivery) async -> Written {
        guard let kind = due.kind else { return .nothing(.notWanted(code: "unknown_kind")) }
        do {
            let contact = try await contacts.contact(of: due.recipient)
            guard contact.isActive else { return .nothing(.notWanted(code: "recipient_inactive")) }
            switch try await contents.content(
                of: kind, for: due.recipient, about: due.subject, at: due.start)
            {
            case .notWanted(let code): return .nothing(.notWanted(code: code))
            case .content(let content):
                switch due.channel {
                case .email: return mail(kind, to: contact, content, due)
                case .sms: return text(kind, to: contact, content, due)
                }
            }
        } catch {
            let isGone = (error as? Problem)?.code == .notFound
            return .nothing(isGone ? .notWanted(code: "recipient_unknown") : .away(code: "contact"))
        }
    }

    private func mail(
        _ kind: MessageKind, to contact: Contact, _ content: MessageContent, _ due: DueDelivery
    ) -> Written {
        guard let address = Email(content.email ?? contact.email) else {
            return .nothing(.refused(code: "recipient_address"))
        }
        guard
            let words = try? templates.mail(
                kind, to: contact.name, content.values, token: content.token, about: due.occurred)
        else { return .nothing(.refused(code: "template")) }
        return .mail(
            Mail(
                id: due.id, kind: kind.rawValue, from: from, to: address, subject: words.subject, text: words.text,
                html: words.html, calendar: content.calendar,
                unsubscribeURL: unsubscribing.url(of: kind.preference, to: due.recipient, at: due.created),
                messageID: due.messageID, date: due.created))
    }

    private func text(
        _ kind: MessageKind, to contact: Contact, _ content: MessageContent, _ due: DueDelivery
    ) -> Written {
        // A code may go to a number that is not proven yet: it proves it.
        let isReached = kind.isMinted || contact.isPhoneProven
        guard isReached, let phone = (content.phone ?? contact.phone).flatMap({ PhoneNumber($0) }) else {
            return .nothing(.refused(code: "recipient_phone"))
        }
        guard content.values["code"].map(Self.isCode) ?? true, let text = try? templates.text(kind, content.values)
        else { return .nothing(.refused(code: "template")) }
        // A code of its own makes each try another message: under the first one's key a provider would swallow it.
        let key = kind.isMinted && due.attempt > 1 ? "\(due.id)-\(due.attempt)" : due.id.description
        return .text(
            TextMessage(id: due.id, kind: kind.rawValue, key: key, to: phone, text: text, date: due.created))
    }

    /// Letters and digits: whatever else came, nobody is to read it on their phone.
    private static func isCode(_ text: String) -> Bool {
        (4...12).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: false
                }
            }
    }
}

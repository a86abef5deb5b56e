import Kernel
package import NotifierDomain

/// Writes a message at the moment it is sent: asks how to reach the recipient, and finds the words.
package struct WritingDesk: Sendable {
    private let contacts: any ContactSource
    private let letters: LetterBook
    private let from: Mailbox

    package init(contacts: any ContactSource, letters: LetterBook, from: Mailbox) {
        (self.contacts, self.letters, self.from) = (contacts, letters, from)
    }

    enum Written: Sendable {
        case mail(Mail)
        /// There is nothing to send, and that is how the try ends.
        case nothing(Outcome)
    }

    func write(_ due: DueDelivery) async -> Written {
        guard let kind = due.kind else { return .nothing(.refused(code: "unknown_kind")) }
        let contact: Contact
        var token: String?
        do {
            contact = try await contacts.contact(of: due.recipient)
            if kind == .verification, contact.isActive {
                token = try await contacts.verificationToken(of: due.recipient)
                if token == nil { return .nothing(.refused(code: "already_verified")) }
            }
        } catch {
            let isGone = (error as? Problem)?.code == .notFound
            return .nothing(isGone ? .refused(code: "recipient_unknown") : .away(code: "contact"))
        }
        guard contact.isActive else { return .nothing(.refused(code: "recipient_inactive")) }
        guard let address = Email(contact.email) else { return .nothing(.refused(code: "recipient_address")) }
        guard let letter = try? letters.letter(kind, to: contact.name, token: token) else {
            return .nothing(.refused(code: "template"))
        }
        return .mail(
            Mail(
                id: due.id, kind: kind.rawValue, from: from, to: address, subject: letter.subject, text: letter.text,
                html: letter.html, messageID: due.messageID, date: due.created))
    }
}

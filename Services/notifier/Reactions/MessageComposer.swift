import Kernel
package import NotifierDomain

/// Writes a message at the moment it is sent: asks how to reach the recipient, and finds the words.
package struct MessageComposer: Sendable {
    private let contacts: any ContactSource
    private let letters: LetterBook
    private let from: Mailbox

    package init(contacts: any ContactSource, letters: LetterBook, from: Mailbox) {
        (self.contacts, self.letters, self.from) = (contacts, letters, from)
    }

    enum Written: Sendable {
        case mail(Mail)
        case text(TextMessage)
        /// There is nothing to send, and that is how the try ends.
        case nothing(Outcome)
    }

    func write(_ due: DueDelivery) async -> Written {
        guard let kind = due.kind else { return .nothing(.refused(code: "unknown_kind")) }
        do {
            let contact = try await contacts.contact(of: due.recipient)
            guard contact.isActive else { return .nothing(.refused(code: "recipient_inactive")) }
            switch due.channel {
            case .email: return try await mail(kind, to: contact, due)
            case .sms: return try await text(kind, due)
            }
        } catch {
            let isGone = (error as? Problem)?.code == .notFound
            return .nothing(isGone ? .refused(code: "recipient_unknown") : .away(code: "contact"))
        }
    }

    private func mail(_ kind: MessageKind, to contact: Contact, _ due: DueDelivery) async throws -> Written {
        var token: String?
        switch kind {
        case .verification:
            token = try await contacts.verificationToken(of: due.recipient)
            if token == nil { return .nothing(.refused(code: "already_verified")) }
        case .passwordReset:
            token = try await contacts.passwordResetToken(of: due.recipient)
            if token == nil { return .nothing(.refused(code: "not_wanted")) }
        default: break
        }
        guard let address = Email(contact.email) else { return .nothing(.refused(code: "recipient_address")) }
        guard let letter = try? letters.letter(kind, to: contact.name, token: token, about: due.occurred) else {
            return .nothing(.refused(code: "template"))
        }
        return .mail(
            Mail(
                id: due.id, kind: kind.rawValue, from: from, to: address, subject: letter.subject, text: letter.text,
                html: letter.html, messageID: due.messageID, date: due.created))
    }

    private func text(_ kind: MessageKind, _ due: DueDelivery) async throws -> Written {
        let answer = try await contacts.phoneCode(of: due.recipient)
        guard let code = answer.code else { return .nothing(.refused(code: "already_verified")) }
        guard let phone = PhoneNumber(answer.phone) else { return .nothing(.refused(code: "recipient_phone")) }
        guard MessageComposer.isCode(code), let text = try? letters.text(kind, code: code, minutes: answer.minutes)
        else {
            return .nothing(.refused(code: "template"))
        }
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

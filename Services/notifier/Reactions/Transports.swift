import NotifierDomain

/// Who brings messages away from here, by their channel.
package struct Transports: Sendable {
    private let mail: any Mailer
    private let texts: any Texter

    package init(mail: any Mailer, texts: any Texter) {
        self.mail = mail
        self.texts = texts
    }

    func send(_ written: MessageComposer.Written) async -> Outcome {
        switch written {
        case .mail(let message): await mail.send(message)
        case .text(let message): await texts.send(message)
        case .nothing(let outcome): outcome
        }
    }
}

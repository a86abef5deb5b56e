import Kernel
import Net
package import NotifierDomain
import Observability

/// Keeps mails as files instead of sending them: for development, and for an installation without a mail server.
package struct FolderMailer: Mailer {
    package let folder: MailFolder

    package init(_ folder: MailFolder) { self.folder = folder }

    package func send(_ mail: Mail) async -> Outcome {
        do {
            let bytes = try MailText.write(mail)
            let name = folder.name(of: mail.id, at: mail.date)
            try await folder.keep(bytes, as: name)
            log.info("a mail was kept", ["kind": mail.kind, "file": "\(folder.path)/\(name)"])
            return .accepted
        } catch is UnsafeHeader {
            return .refused(code: "unsafe_header")
        } catch {
            return .away(code: "folder")
        }
    }
}

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
            // Named by when the delivery was made: kept twice is kept once.
            let name = "\(FolderMailer.stamp(mail))-\(mail.id).eml"
            try await folder.keep(bytes, as: name)
            log.info("a mail was kept", ["kind": mail.kind, "file": "\(folder.path)/\(name)"])
            return .accepted
        } catch is UnsafeHeader {
            return .refused(code: "unsafe_header")
        } catch {
            return .away(code: "folder")
        }
    }

    /// `20261121T032823Z`.
    private static func stamp(_ mail: Mail) -> String {
        mail.date.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }
}

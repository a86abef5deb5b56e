import Kernel
package import NotifierDomain
import Observability

/// Keeps text messages as files instead of sending them: for development, and for an installation without a provider.
/// The console gets a line, and no word of what it says.
package struct FolderTexter: Texter {
    package let folder: MailFolder

    package init(_ folder: MailFolder) { self.folder = folder }

    package func send(_ message: TextMessage) async -> Outcome {
        guard message.isSafe else { return .refused(code: "unsafe_text") }
        let name = folder.name(of: message.id, at: message.date)
        let lines = "To: \(message.to.text)\nDate: \(message.date.rfc3339)\nKind: \(message.kind)\n\n\(message.text)\n"
        do {
            try await folder.keep(Array(lines.utf8), as: name)
            log.info("a text message was kept", ["kind": message.kind, "file": "\(folder.path)/\(name)"])
            return .accepted
        } catch {
            return .away(code: "folder")
        }
    }
}

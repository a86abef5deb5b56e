package import Forms
import JSON
package import Kernel

/// What helps while developing; in production these paths answer 404.
package enum DevelopmentAPI {
    package static let declarations: [Declaration] = [mails.declaration, mail.declaration]

    package static let mails = Endpoint(
        .get, "/dev/mail", "listMails", of: .notifier, for: .anyone, gives: WebPage.self, says: "Mails.",
        summary: "Mails that were kept instead of sent; development only", tag: "Development", refuses: [.notFound],
        rate: .unlimited)

    package static let mail = Endpoint(
        .get, "/dev/mail/{name}", "showMail", of: .notifier, for: .anyone, takes: ByName.self, gives: WebPage.self,
        says: "Mail.", summary: "One kept mail; development only", tag: "Development", refuses: [.notFound],
        rate: .unlimited)
}

/// Something named by `{name}` in the path: letters, digits, dashes, underscores and dots, none of them first. What is
/// no such name names nothing: 404.
package struct ByName: Input {
    package static var properties: [Schema.Property] {
        [Schema.Property("name", in: .path, .string, isRequired: true)]
    }
    package let name: String

    package init(_ source: Source) throws(Problem) {
        guard case .string(let name)? = source.value("name", in: .path), ByName.isName(name) else { throw .notFound }
        self.name = name
    }

    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, 45, 46, 95: true
                default: false
                }
            }
    }
}

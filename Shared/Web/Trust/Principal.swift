package import Kernel

/// In whose name, from where and under which id a request is made: what the gateway has established, and what services
/// pass on when they call each other.
package struct Principal: Sendable, Equatable {
    package let caller: Caller?
    package let requestID: String
    package let clientAddress: String
    /// `https://host` as the client called it.
    package let origin: String
    package let userAgent: String

    package init(
        caller: Caller?, requestID: String, clientAddress: String = "", origin: String = "", userAgent: String = ""
    ) {
        (self.caller, self.requestID, self.clientAddress) = (caller, requestID, clientAddress)
        (self.origin, self.userAgent) = (origin, userAgent)
    }

    /// One line per word, in this order; a line end inside a word becomes a blank, and long words are cut.
    var text: String {
        var text = ""
        text.reserveCapacity(256)
        if let caller { text += caller.account.description }
        text += "\n"
        if let caller { text += caller.role.rawValue }
        text += "\n"
        if let tenant = caller?.tenant { text += tenant.description }
        text += "\n"
        if let caller { text += caller.session.description }
        for word in [requestID, clientAddress, origin, userAgent] {
            text += "\n"
            text += Self.line(word)
        }
        return text
    }

    init?(text: String) {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.count == 8 else { return nil }
        var caller: Caller?
        if !lines[0].isEmpty {
            guard let account = ID<Account>(lines[0]), let role = Role(rawValue: lines[1]),
                let session = ID<Session>(lines[3]), lines[2].isEmpty || ID<Tenant>(lines[2]) != nil
            else { return nil }
            caller = Caller(account: account, role: role, tenant: ID<Tenant>(lines[2]), session: session)
        }
        self.init(
            caller: caller, requestID: lines[4], clientAddress: lines[5], origin: lines[6], userAgent: lines[7])
    }

    private static func line(_ text: String) -> String {
        if text.utf8.count <= 256, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return text }
        let scalars = text.unicodeScalars.prefix(256).map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}

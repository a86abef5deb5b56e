package import Kernel
import Observability

/// In whose name, from where and under which id a request is made: what the gateway has established, and what services
/// pass on when they call each other.
package struct Principal: Sendable, Equatable {
    package let caller: Caller?
    package let requestID: String
    package let clientAddress: String
    /// `https://host` as the client called it.
    package let baseURL: String
    package let userAgent: String

    package init(
        caller: Caller?, requestID: String, clientAddress: String = "", baseURL: String = "", userAgent: String = ""
    ) {
        self.caller = caller
        self.requestID = requestID
        self.clientAddress = clientAddress
        self.baseURL = baseURL
        self.userAgent = userAgent
    }

    /// Who acts, as rows and events keep it.
    func origin(requestID: String, trace: TraceContext) -> Origin {
        Origin(
            caller: caller, requestID: requestID, address: clientAddress.isEmpty ? nil : clientAddress,
            traceparent: trace.header)
    }
}

// MARK: As text

extension Principal {
    /// How many words its text has; the last, the user agent, may have blanks in it.
    static let words = 8
    private static let nothing = UInt8(ascii: "-")
    private static let longest = 256

    /// Its words, a blank between them: account, role, tenant, session, request id, client address, base URL, user
    /// agent. `-` stands for what there is not; what is too long is cut.
    func append(to bytes: inout [UInt8]) {
        Self.append(caller, to: &bytes)
        Self.append(word: requestID, to: &bytes)
        appendRest(to: &bytes)
    }

    fileprivate func aroundID() -> (before: [UInt8], behind: [UInt8]) {
        var (before, behind): ([UInt8], [UInt8]) = ([], [])
        Self.append(caller, to: &before)
        appendRest(to: &behind)
        return (before, behind)
    }

    /// The words behind the request id: what a client's connection repeats.
    private func appendRest(to bytes: inout [UInt8]) {
        Self.append(word: clientAddress, to: &bytes)
        Self.append(word: baseURL, to: &bytes)
        bytes.append(UInt8(ascii: " "))
        Self.append(text: userAgent, to: &bytes)
    }

    private static func append(_ caller: Caller?, to bytes: inout [UInt8]) {
        if let caller {
            bytes.append(uuid: caller.account.high, caller.account.low)
            bytes.append(UInt8(ascii: " "))
            bytes.append(caller.role.rawValue)
            bytes.append(UInt8(ascii: " "))
            bytes.append(uuid: caller.tenant.high, caller.tenant.low)
            bytes.append(UInt8(ascii: " "))
            bytes.append(uuid: caller.session.high, caller.session.low)
        } else {
            bytes.append("- - - -" as StaticString)
        }
    }

    /// Its words without the request id, made once for many requests of one caller over one connection.
    package final class Words: Sendable {
        private let before: [UInt8]
        private let behind: [UInt8]

        package init(caller: Caller?, clientAddress: String, baseURL: String, userAgent: String) {
            let principal = Principal(
                caller: caller, requestID: "", clientAddress: clientAddress, baseURL: baseURL, userAgent: userAgent)
            (before, behind) = principal.aroundID()
        }

        func append(_ requestID: String, to bytes: inout [UInt8]) {
            bytes.append(all: before)
            Principal.append(word: requestID, to: &bytes)
            bytes.append(all: behind)
        }
    }

    /// A blank or a control character inside becomes `_`: a word cannot make another word.
    private static func append(word: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: " "))
        if word.isEmpty { return bytes.append(nothing) }
        let start = bytes.count
        bytes.append(word.utf8.span, 0..<min(word.utf8.count, longest))
        for index in start..<bytes.count where bytes[index] <= 0x20 || bytes[index] == 0x7F {
            bytes[index] = UInt8(ascii: "_")
        }
    }

    /// Control characters become blanks, and none is left at the end, where the wire would lose it.
    private static func append(text: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(text.utf8.span, 0..<min(text.utf8.count, longest))
        if text.utf8.count > longest { dropHalfCharacter(&bytes) }
        for index in start..<bytes.count where bytes[index] < 0x20 || bytes[index] == 0x7F {
            bytes[index] = UInt8(ascii: " ")
        }
        while bytes.count > start, bytes.last == 0x20 { bytes.removeLast() }
        if bytes.count == start { bytes.append(nothing) }
    }

    /// A character that was cut would make the whole no text any more (RFC 3629 §3).
    private static func dropHalfCharacter(_ bytes: inout [UInt8]) {
        while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
        if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }

    /// Nil when these are not the words of a principal.
    init?(words: [Substring.UTF8View]) {
        guard words.count == Self.words else { return nil }
        var caller: Caller?
        if !Self.isNothing(words[0]) {
            guard let account = Self.id(words[0], of: Account.self),
                let role = Role(rawValue: String(Substring(words[1]))),
                let session = Self.id(words[3], of: Session.self)
            else { return nil }
            let tenant = Self.id(words[2], of: Tenant.self)
            guard tenant != nil || Self.isNothing(words[2]) else { return nil }
            caller = Caller(account: account, role: role, tenant: tenant, session: session)
        }
        self.init(
            caller: caller, requestID: Self.text(words[4]), clientAddress: Self.text(words[5]),
            baseURL: Self.text(words[6]), userAgent: Self.text(words[7]))
    }

    private static func isNothing(_ word: Substring.UTF8View) -> Bool { word.count == 1 && word.first == nothing }

    private static func text(_ word: Substring.UTF8View) -> String { isNothing(word) ? "" : String(Substring(word)) }

    private static func id<Entity>(_ word: Substring.UTF8View, of _: Entity.Type) -> ID<Entity>? {
        ID<Entity>(String(Substring(word)))
    }
}

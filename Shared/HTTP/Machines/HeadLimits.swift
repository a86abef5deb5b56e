/// What one message head may ask of us, in bytes and fields.
package struct HeadLimits: Sendable, Equatable {
    /// One field line without its CRLF.
    package var line: Int
    /// All field lines with their CRLFs.
    package var block: Int
    package var fields: Int
    package var target: Int
    /// Responses of the class 1xx before the one that counts.
    package var interimResponses: Int

    package static let `default` = HeadLimits()
    /// What passes between our own processes: all that a client may send, and what is added to it on the way.
    package static let behindGateway = HeadLimits(line: 16_384, block: 65_536, fields: 120)

    package init(
        line: Int = 8_192, block: Int = 32_768, fields: Int = 100, target: Int = 8_192, interimResponses: Int = 8
    ) {
        self.line = line
        self.block = block
        self.fields = fields
        self.target = target
        self.interimResponses = interimResponses
    }

    /// A target at its limit, the longest method's name, two blanks and the version.
    var requestLine: Int { target + 24 }
}

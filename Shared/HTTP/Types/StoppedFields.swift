/// Which fields of a message are not passed on: those that concern the connection they came on (RFC 9110 §7.6.1), which
/// are always among them, and those whoever passes it on answers for.
package struct StoppedFields: Sendable {
    /// Of a request: the client writes `Host` anew.
    package static let ofRequests = StoppedFields(["host"])
    /// Of an answer: the server writes `Date` anew.
    package static let ofAnswers = StoppedFields(["date"])

    private let others: [HeaderName]
    private let names: HeaderNames
    private let prefix: StaticString?

    private init(_ others: [HeaderName], prefix: StaticString? = nil) {
        self.others = others
        self.prefix = prefix
        names = HeaderNames(ConnectionFields.all + others)
    }

    /// These, and more.
    /// - Parameter prefix: names that begin so are stopped too; in lower case.
    package func and(_ names: [HeaderName] = [], prefix: StaticString? = nil) -> StoppedFields {
        StoppedFields(others + names, prefix: prefix ?? self.prefix)
    }

    func holds(_ bytes: Span<UInt8>, _ name: Range<Int>) -> Bool {
        if names.contains(bytes, name) { return true }
        guard let prefix, name.count >= prefix.utf8CodeUnitCount else { return false }
        return FieldSyntax.equal(bytes, name.lowerBound..<name.lowerBound &+ prefix.utf8CodeUnitCount, prefix)
    }
}

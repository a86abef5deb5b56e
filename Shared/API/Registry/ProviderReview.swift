package import Forms
package import JSON
package import Kernel

/// Which providers an administrator asks for.
package struct ProvidersQuery: Input {
    package let status: ProviderStatus?
    package let page: PageRequest

    private static let form = Form(
        .unlessBlank(.choice("status", in: .query) as Field<ProviderStatus>), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (status, page) = try Self.form.read(source) }
}

/// An administrator's decision; a rejection says why.
package struct ProviderReview: Input {
    package let status: ProviderStatus
    package let reason: String?

    private static let form = Form(
        (.choice("status") as Field<ProviderStatus>).checked {
            $0 == .pending ? "Must be one of: verified, rejected." : nil
        }, .unlessBlank(.text("reason", 0...500, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? {
        ["status": "verified"]
    }

    package init(_ source: Source) throws(Problem) {
        (status, reason) = try Self.form.read(source)
        if status == .rejected, reason == nil { throw .field("reason", "Say why the provider is rejected.") }
    }
}

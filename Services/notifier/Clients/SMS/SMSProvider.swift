package import Kernel

/// Where text messages are handed in, and in which form.
package struct SMSProvider: Sendable {
    package let url: String
    /// Nil where the provider asks for none.
    package let key: Secret?
    /// The word before the key in `Authorization`.
    package let scheme: String
    package let form: SMSForm
    /// Whom messages come from; nil where the provider knows.
    package let sender: String?
    /// A file of certificates that may vouch for the provider; nil for the system's.
    package let authorities: String?

    package init(
        url: String, key: Secret? = nil, scheme: String = "Bearer", form: SMSForm = .default, sender: String? = nil,
        authorities: String? = nil
    ) {
        self.url = url
        self.key = key
        self.scheme = scheme
        self.form = form
        self.sender = sender
        self.authorities = authorities
    }
}

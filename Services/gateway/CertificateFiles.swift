package import Net
import Observability
import Settings

/// What the gateway speaks TLS with: PEM files of the chain (leaf first) and of its key. Without them it speaks plain
/// HTTP and leaves TLS to a proxy in front of it.
package struct CertificateFiles: Sendable {
    package let chain: String
    package let key: String

    private static let chain = Setting.text(
        "TLS_CERTIFICATE_FILE", help: "PEM file of the gateway's certificate chain, leaf first: it then speaks HTTPS"
    ).optional
    private static let key = Setting.text(
        "TLS_KEY_FILE", help: "PEM file of the certificate's private key; goes with TLS_CERTIFICATE_FILE"
    ).optional

    static var declarations: [SettingDeclaration] { [chain.declaration, key.declaration] }

    /// Nil where neither is set; one without the other is noted as a fault.
    static func read(_ reader: inout SettingsReader) -> CertificateFiles? {
        switch (chain.read(from: &reader) ?? nil, key.read(from: &reader) ?? nil) {
        case (let chain?, let key?): return CertificateFiles(chain: chain, key: key)
        case (nil, nil): return nil
        case (nil, _): reader.refuse("TLS_CERTIFICATE_FILE", "must be set where TLS_KEY_FILE is")
        case (_, nil): reader.refuse("TLS_KEY_FILE", "must be set where TLS_CERTIFICATE_FILE is")
        }
        return nil
    }

    /// Reads the files again into `context`; what is wrong is said, and the old ones stay.
    package func renew(_ context: TLSContext) {
        do {
            try context.renew(certificate: chain, key: key)
            log.info("the certificate was read again")
        } catch {
            log.error("the certificate could not be read again, the old one stays", ["reason": error.description])
        }
    }

    /// Reads the files; throws where they are none, or do not belong together.
    package func context() throws(TLSContext.Fault) -> TLSContext { try .server(certificate: chain, key: key) }
}

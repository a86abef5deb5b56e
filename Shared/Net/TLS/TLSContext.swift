internal import COpenSSL
internal import Lifecycle

/// What one side of TLS connections is configured with: TLS 1.2 and 1.3, Mozilla's intermediate suites (version 5.7),
/// no renegotiation, compression, tickets or early data.
@safe package final class TLSContext: @unchecked Sendable {
    /// A context that could not be made; `detail` is OpenSSL's word and never holds key material.
    package struct Fault: Error, CustomStringConvertible {
        package let step: String
        package let detail: String

        package var description: String { "\(step): \(detail)" }
    }

    private static let suites =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

    private let current: Locked<OpaquePointer>
    let isServer: Bool

    /// For a listener: PEM files of the chain (leaf first) and of its private key.
    package static func server(certificate: String, key: String) throws(Fault) -> TLSContext {
        unsafe TLSContext(owning: try unsafe configured(certificate: certificate, key: key), isServer: true)
    }

    /// Reads the files again: sessions that begin from now on use them. Where they are none, or do not belong together,
    /// all stays as it was.
    package func renew(certificate: String, key: String) throws(Fault) {
        let fresh = unsafe try Self.configured(certificate: certificate, key: key)
        let old = unsafe current.withLock { current in
            let old = unsafe current
            unsafe current = fresh
            return unsafe old
        }
        // Sessions that have begun keep it alive.
        unsafe SSL_CTX_free(old)
    }

    private static func configured(certificate: String, key: String) throws(Fault) -> OpaquePointer {
        let raw = unsafe try hardened(isServer: true)
        do throws(Fault) {
            guard unsafe SSL_CTX_use_certificate_chain_file(raw, certificate) == 1 else { throw .last("certificate") }
            guard unsafe SSL_CTX_use_PrivateKey_file(raw, key, SSL_FILETYPE_PEM) == 1 else { throw .last("key") }
            guard unsafe SSL_CTX_check_private_key(raw) == 1 else { throw .last("key and certificate") }
        } catch {
            unsafe SSL_CTX_free(raw)
            throw error
        }
        return unsafe raw
    }

    /// For outgoing connections: the other side must show a certificate of an authority in `authorities` (a PEM file),
    /// or of one the system trusts.
    package static func client(authorities: String? = nil) throws(Fault) -> TLSContext {
        let raw = unsafe try hardened(isServer: false)
        let isRead =
            if let authorities {
                unsafe SSL_CTX_load_verify_file(raw, authorities) == 1
            } else {
                unsafe SSL_CTX_set_default_verify_paths(raw) == 1
            }
        guard isRead else {
            unsafe SSL_CTX_free(raw)
            throw .last("authorities")
        }
        unsafe SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nil)
        return unsafe TLSContext(owning: raw, isServer: false)
    }

    private init(owning raw: OpaquePointer, isServer: Bool) {
        unsafe current = Locked(raw)
        self.isServer = isServer
    }

    private static func hardened(isServer: Bool) throws(Fault) -> OpaquePointer {
        guard let raw = unsafe SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw .last("context")
        }
        unsafe praxis_tls_harden(raw)
        do throws(Fault) {
            guard unsafe praxis_tls_versions(raw) == 1 else { throw .last("versions") }
            guard unsafe SSL_CTX_set_cipher_list(raw, Self.suites) == 1 else { throw .last("suites") }
            guard unsafe praxis_tls_groups(raw, "X25519:P-256:P-384") == 1 else { throw .last("groups") }
        } catch {
            unsafe SSL_CTX_free(raw)
            throw error
        }
        if isServer { unsafe SSL_CTX_set_alpn_select_cb(raw, chooseProtocol, nil) }
        return unsafe raw
    }

    /// A session of the newest configuration, which it keeps alive; nil when there is no memory.
    func newSession() -> OpaquePointer? { unsafe current.withLock { unsafe SSL_new($0) } }

    deinit { unsafe current.withLock { unsafe SSL_CTX_free($0) } }
}

extension TLSContext.Fault {
    static func last(_ step: String) -> TLSContext.Fault {
        let code = ERR_get_error()
        ERR_clear_error()
        guard let reason = unsafe ERR_reason_error_string(code) else {
            return TLSContext.Fault(step: step, detail: "refused")
        }
        return TLSContext.Fault(step: step, detail: unsafe String(cString: reason))
    }
}

/// HTTP/1.1 is the only protocol we speak; a client that offers others and not this one is refused.
private func chooseProtocol(
    _: OpaquePointer?, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ length: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?, _ count: UInt32, _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let chosen = unsafe chosen, let length = unsafe length, let offered = unsafe offered else {
        return SSL_TLSEXT_ERR_NOACK
    }
    let wanted: [UInt8] = Array("http/1.1".utf8)
    var offset = 0
    while offset < Int(count) {
        let size = Int(unsafe offered[offset])
        guard offset + 1 + size <= Int(count) else { break }
        let name = unsafe UnsafeBufferPointer(start: offered + offset + 1, count: size)
        if unsafe name.elementsEqual(wanted) {
            unsafe chosen.pointee = offered + offset + 1
            unsafe length.pointee = UInt8(size)
            return SSL_TLSEXT_ERR_OK
        }
        offset += 1 + size
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

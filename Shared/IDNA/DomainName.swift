// IDNA: domain names beyond ASCII in the form that DNS and mail know (RFC 5891, UTS #46), by libidn2. It stands below
// Kernel, whose emails are compared in that form, and imports nothing of ours.

internal import CIDN2

/// A domain name as people write it and as machines do.
package enum DomainName {
    /// The name with each label beyond ASCII as an A-label: `bücher.example` is `xn--bcher-kva.example`. Nil for what
    /// no domain can be named. `ß` and its like keep their meaning (UTS #46, nontransitional).
    package static func ascii(_ name: String) -> String? {
        if name.utf8.contains(0) { return nil }
        var output: UnsafeMutablePointer<UInt8>?
        let code = unsafe (Array(name.utf8) + [0]).withUnsafeBufferPointer { bytes in
            unsafe idn2_lookup_u8(bytes.baseAddress, &output, praxis_idn2_flags())
        }
        guard code == 0, let found = unsafe output else { return nil }
        defer { unsafe idn2_free(found) }
        return unsafe String(validatingCString: UnsafeRawPointer(found).assumingMemoryBound(to: CChar.self))
    }
}

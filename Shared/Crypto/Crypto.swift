// Crypto: everything that must be unguessable, unforgeable or unreadable.
//
// Random bytes, digests, MACs and their encodings (Bytes); P-256 keys, JWKS, and the pair keys of processes (Keys);
// access tokens, opaque tokens and one-time codes (Tokens); password hashes and strength (Passwords); encryption at
// rest and its searchable index (Sealing). OpenSSL, libxcrypt and libzxcvbn are called in Bytes, `Keys/ECKey.swift`,
// `Sealing/AESGCM.swift`, `Passwords/Crypt.swift`, `StoredPassword.swift` and `PasswordStrength.swift` alone. It leaves
// to others: where keys and hashes are kept, who may have them, when they rotate, and the threads that the slow
// functions (password hashing) run on. No algorithm here is ever chosen by input.

/// What can go wrong that no input explains: the library failed, or was asked for something it cannot do.
package struct CryptoFault: Error, Equatable, CustomStringConvertible {
    /// A constant sentence; never key material or input.
    package let description: String

    init(_ sentence: StaticString) { description = sentence.description }
}

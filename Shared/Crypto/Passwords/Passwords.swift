package import Kernel

/// Hashes and verifies passwords: `bcrypt(cost, base64(HMAC-SHA-384(pepper, NFC(password))))`, so that no byte past
/// bcrypt's 72nd is lost and a stolen table is useless without the pepper. Also verifies what Django wrote, to be
/// re-hashed at login.
///
/// Everything here blocks for as long as the cost says (about 0.2 s at 12): call it on a bounded pool of threads, never
/// on a loop.
package struct Passwords: Sendable {
    /// What is mixed in from outside the database, under a version that each hash records.
    package struct Pepper: Sendable {
        let version: Int
        let key: HMACKey

        /// - Parameter version: 1 or more; a new pepper takes the next one.
        package init(version: Int, secret: Secret) {
            self.version = version
            key = HMACKey(secret, .sha384)
        }
    }

    /// What comparing a password with its stored form found.
    package enum Verdict: Sendable, Equatable {
        /// `rehash` is true when the stored form is not what `hash` would make now.
        case matches(rehash: Bool)
        case differs
    }

    private let current: Pepper
    private let older: [Pepper]
    private let cost: Int
    private let work: Work

    /// The work itself: bcrypt of a prepared password under a setting, which says how dear it is.
    package typealias Work = @Sendable (_ prepared: [UInt8], _ setting: String) -> String?

    /// - Parameter cost: bcrypt's, 4 to 16; out of range is brought in. The services' settings ask for 10 at least.
    package init(pepper: Pepper, older: [Pepper] = [], cost: Int = 12) {
        self.init(pepper: pepper, older: older, cost: cost) { Crypt.hash($0, setting: $1) }
    }

    /// With other hands doing the work: so that a test can count it.
    package init(pepper: Pepper, older: [Pepper] = [], cost: Int, work: @escaping Work) {
        current = pepper
        self.older = older
        self.cost = min(16, max(4, cost))
        self.work = work
    }

    package func hash(_ password: Secret) throws(CryptoFault) -> String {
        guard let hash = work(prepared(password, current), try Crypt.setting(cost: cost)) else {
            throw CryptoFault("a password could not be hashed")
        }
        return StoredPassword.text(pepper: current.version, bcrypt: hash)
    }

    /// A stored form that nobody knows (or that needs a pepper we do not have) differs.
    package func verify(_ password: Secret, against stored: String) -> Verdict {
        guard let parsed = StoredPassword(stored) else { return .differs }
        let matches =
            switch parsed {
            case .ours(let version, let hash):
                if let pepper = ([current] + older).first(where: { $0.version == version }) {
                    work(prepared(password, pepper), hash).map { ConstantTime.equal($0, hash) } ?? false
                } else {
                    false
                }
            case .django(let imported): imported.verify(password)
            }
        return matches ? .matches(rehash: needsRehash(stored)) : .differs
    }

    /// For an account that does not exist: takes as long as `verify` of a current hash, and is never true.
    package func verifyUnknown(_ password: Secret) {
        guard let setting = try? Crypt.setting(cost: cost) else { return }
        _ = work(prepared(password, current), setting)
    }

    /// Whether the stored form is of another scheme, cost or pepper than today's.
    package func needsRehash(_ stored: String) -> Bool {
        guard case .ours(let version, let hash) = StoredPassword(stored) else { return true }
        return version != current.version || StoredPassword.cost(of: hash) != cost
    }

    private func prepared(_ password: Secret, _ pepper: Pepper) -> [UInt8] {
        Array(Base64.encode(pepper.key.sign(CleanText.nfc(password.expose()))).utf8)
    }

    static func check(_ password: [UInt8], _ bcrypt: String) -> Bool {
        guard let made = Crypt.hash(password, setting: bcrypt) else { return false }
        return ConstantTime.equal(made, bcrypt)
    }
}

import COpenSSL
import Kernel

/// A stored password, recognised by how it begins: ours (`praxis1$<pepper>$$2b$…`) or one of Django's.
enum StoredPassword {
    case ours(pepper: Int, bcrypt: String)
    case django(DjangoPassword)

    static func text(pepper: Int, bcrypt: String) -> String { "praxis1$\(pepper)$\(bcrypt)" }

    init?(_ text: String) {
        guard text.utf8.count <= 256, let mark = text.firstIndex(of: "$") else { return nil }
        let rest = text[text.index(after: mark)...]
        guard text[..<mark] == "praxis1" else {
            guard let django = DjangoPassword(scheme: text[..<mark], rest: rest) else { return nil }
            self = .django(django)
            return
        }
        guard let second = rest.firstIndex(of: "$"), let version = Int(rest[..<second]), version > 0 else { return nil }
        let hash = String(rest[rest.index(after: second)...])
        guard Self.isBcrypt(hash) else { return nil }
        self = .ours(pepper: version, bcrypt: hash)
    }

    /// `$2a$`, `$2b$` or `$2y$`, a cost of at most 16 (a stored value must not be able to hold a thread for minutes),
    /// 53 characters.
    static func isBcrypt(_ hash: String) -> Bool {
        let bytes = Array(hash.utf8)
        guard bytes.count == 60, hash.hasPrefix("$2a$") || hash.hasPrefix("$2b$") || hash.hasPrefix("$2y$"),
            bytes[6] == UInt8(ascii: "$"), let cost = cost(of: hash), (4...16).contains(cost)
        else { return false }
        return bytes[7...].allSatisfy {
            (0x2E...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
    }

    static func cost(of hash: String) -> Int? { Int(hash.dropFirst(4).prefix(2)) }
}

/// What Django's hashers write: `pbkdf2_sha256$rounds$salt$hash`, `bcrypt_sha256$$2b$…`, `bcrypt$$2b$…`.
struct DjangoPassword {
    private enum Scheme {
        case pbkdf2(rounds: Int32, salt: [UInt8], hash: [UInt8])
        case bcryptOfSHA256(String)
        case bcrypt(String)
    }

    private let scheme: Scheme

    init?(scheme name: Substring, rest: Substring) {
        switch name {
        case "pbkdf2_sha256":
            let parts = rest.split(separator: "$", omittingEmptySubsequences: false)
            // Django asks for 1,500,000 rounds in 2026; ten times that is no import any more but an attack on our time.
            guard parts.count == 3, let rounds = Int32(parts[0]), (1...15_000_000).contains(rounds), !parts[1].isEmpty,
                let hash = Base64.decode(String(parts[2])), hash.count == 32
            else { return nil }
            scheme = .pbkdf2(rounds: rounds, salt: Array(parts[1].utf8), hash: hash)
        case "bcrypt_sha256" where StoredPassword.isBcrypt(String(rest)): scheme = .bcryptOfSHA256(String(rest))
        case "bcrypt" where StoredPassword.isBcrypt(String(rest)): scheme = .bcrypt(String(rest))
        default: return nil
        }
    }

    /// Django takes the password as typed: no normalisation, no pepper.
    func verify(_ password: Secret) -> Bool {
        let typed = Array(password.expose().utf8)
        switch scheme {
        case .pbkdf2(let rounds, let salt, let hash): return ConstantTime.equal(Self.pbkdf2(typed, salt, rounds), hash)
        case .bcryptOfSHA256(let hash): return Passwords.check(Array(Hex.encode(Digest.sha256(typed)).utf8), hash)
        case .bcrypt(let hash): return Passwords.check(typed, hash)
        }
    }

    private static func pbkdf2(_ password: [UInt8], _ salt: [UInt8], _ rounds: Int32) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: 32)
        let good = unsafe password.withUnsafeBufferPointer { password in
            unsafe salt.withUnsafeBufferPointer { salt in
                unsafe result.withUnsafeMutableBufferPointer { result in
                    unsafe praxis_pbkdf2_sha256(
                        password.baseAddress, password.count, salt.baseAddress, salt.count, rounds, result.baseAddress)
                }
            }
        }
        return good == 1 ? result : []
    }
}

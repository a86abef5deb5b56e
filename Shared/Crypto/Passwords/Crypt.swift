import CLinux

/// crypt(3) of libxcrypt, for bcrypt alone. It takes a whole core for a quarter of a second: never on an event loop.
enum Crypt {
    /// A fresh `$2b$` setting of the cost, 29 characters.
    static func setting(cost: Int) throws(CryptoFault) -> String {
        var random = Random.bytes(16).map { CChar(bitPattern: $0) }
        var room = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let text: String? = unsafe random.withUnsafeMutableBufferPointer { random in
            unsafe room.withUnsafeMutableBufferPointer { room in
                let made = unsafe crypt_gensalt_rn(
                    "$2b$", UInt(cost), random.baseAddress, Int32(random.count), room.baseAddress, Int32(room.count))
                return unsafe made.map { unsafe String(cString: $0) }
            }
        }
        guard let text else { throw CryptoFault("no salt could be made") }
        return text
    }

    /// Nil when the setting is none, or the password holds a NUL (crypt would stop there and compare less than was
    /// typed).
    static func hash(_ password: [UInt8], setting: String) -> String? {
        guard !password.contains(0) else { return nil }
        // 32 KiB: too big for the stack of a small thread.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        unsafe data.initialize(to: crypt_data())
        defer { unsafe data.deallocate() }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        let made = unsafe phrase.withUnsafeBufferPointer {
            unsafe crypt_rn($0.baseAddress, setting, data, Int32(MemoryLayout<crypt_data>.size))
        }
        return unsafe made.map { unsafe String(cString: $0) }
    }
}

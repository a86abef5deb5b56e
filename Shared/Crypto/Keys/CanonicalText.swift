/// Named fields as bytes to be signed: each length stands before its text, so that no two lists of fields give the same
/// bytes.
package enum CanonicalText {
    package static func bytes(_ fields: [(String, String)]) -> [UInt8] {
        var result: [UInt8] = []
        for (name, value) in fields {
            result += Array("\(name.utf8.count):\(name)=\(value.utf8.count):".utf8)
            result += Array(value.utf8)
            result.append(0x0A)
        }
        return result
    }

    package static func text(_ fields: [(String, String)]) -> String { String(decoding: bytes(fields), as: UTF8.self) }
}

/// The reader's position in a document and its structure: values, arrays, objects. The bytes are handed to each step,
/// so that the cursor itself owns nothing that could dangle.
struct JSONCursor {
    let limits: JSONLimits
    var at = 0
    var nodes = 0
    /// Reused by strings with escapes.
    var scratch: [UInt8] = []
    /// Whether the last string was ASCII alone.
    var isPlainASCII = true
    /// Bytes of keys beyond ASCII so far: comparing those means normalising them, which costs far more than reading.
    private var unicodeKeyBytes = 0

    init(limits: JSONLimits) { self.limits = limits }

    mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x0A, 0x0D, 0x09: at &+= 1
            default: return
            }
        }
    }

    mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        nodes &+= 1
        guard nodes <= limits.nodes else { throw JSONFault(.tooManyNodes, at: at) }
        switch bytes[at] {
        case UInt8(ascii: "\""): return .string(try string(bytes))
        case UInt8(ascii: "{"): return try object(bytes, depth: depth + 1)
        case UInt8(ascii: "["): return try array(bytes, depth: depth + 1)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return try number(bytes)
        case UInt8(ascii: "t"): return try word("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try word("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try word("null", .null, bytes)
        default: throw JSONFault(.unexpectedByte, at: at)
        }
    }

    private mutating func word(
        _ word: String, _ value: JSONValue, _ bytes: Span<UInt8>
    ) throws(JSONFault) -> JSONValue {
        for letter in word.utf8 {
            guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
            guard bytes[at] == letter else { throw JSONFault(.unexpectedByte, at: at) }
            at &+= 1
        }
        return value
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= limits.depth else { throw JSONFault(.tooDeep, at: at) }
        at &+= 1
        skipBlanks(bytes)
        if try takes(UInt8(ascii: "]"), bytes) { return .array([]) }
        var elements: [JSONValue] = []
        while true {
            guard elements.count < limits.nodesPerArray else { throw JSONFault(.tooManyNodes, at: at) }
            elements.append(try value(bytes, depth: depth))
            skipBlanks(bytes)
            if try takes(UInt8(ascii: "]"), bytes) { return .array(elements) }
            try expect(UInt8(ascii: ","), bytes)
            skipBlanks(bytes)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= limits.depth else { throw JSONFault(.tooDeep, at: at) }
        at &+= 1
        skipBlanks(bytes)
        if try takes(UInt8(ascii: "}"), bytes) { return .object([]) }
        var members: [JSONMember] = []
        var keys = JSONKeys()
        while true {
            guard members.count < limits.nodesPerArray else { throw JSONFault(.tooManyNodes, at: at) }
            members.append(try member(bytes, depth: depth, keys: &keys, among: members))
            skipBlanks(bytes)
            if try takes(UInt8(ascii: "}"), bytes) { return .object(members) }
            try expect(UInt8(ascii: ","), bytes)
            skipBlanks(bytes)
        }
    }

    private mutating func member(
        _ bytes: Span<UInt8>, depth: Int, keys: inout JSONKeys, among members: [JSONMember]
    ) throws(JSONFault) -> JSONMember {
        let start = at
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        guard bytes[at] == UInt8(ascii: "\"") else { throw JSONFault(.unexpectedByte, at: at) }
        let key = try string(bytes)
        if !isPlainASCII {
            unicodeKeyBytes += key.utf8.count
            guard unicodeKeyBytes <= limits.unicodeKeyBytes else { throw JSONFault(.keysTooLong, at: start) }
        }
        guard keys.isNew(key, among: members, isCheap: unicodeKeyBytes < 1_024) else {
            throw JSONFault(.duplicateKey, at: start)
        }
        skipBlanks(bytes)
        try expect(UInt8(ascii: ":"), bytes)
        skipBlanks(bytes)
        return JSONMember(key: key, value: try value(bytes, depth: depth))
    }

    private mutating func takes(_ wanted: UInt8, _ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        guard bytes[at] == wanted else { return false }
        at &+= 1
        return true
    }

    private mutating func expect(_ wanted: UInt8, _ bytes: Span<UInt8>) throws(JSONFault) {
        guard try takes(wanted, bytes) else { throw JSONFault(.unexpectedByte, at: at) }
    }
}

/// Which keys an object has had: few cheap ones are compared one by one, others are hashed (with the process's random
/// seed).
struct JSONKeys {
    private static let few = 24
    private var seen: Set<String> = []

    mutating func isNew(_ key: String, among members: [JSONMember], isCheap: Bool) -> Bool {
        if seen.isEmpty, isCheap, members.count < Self.few {
            for member in members where member.key == key { return false }
            return true
        }
        if seen.isEmpty { seen = Set(members.map(\.key)) }
        return seen.insert(key).inserted
    }
}

/// The common case: a key known at compile time and its value; an absent value is written as `null`.
extension JSONWriter {
    package mutating func field(_ key: StaticString, _ text: String) {
        self.key(key)
        string(text)
    }

    package mutating func field(_ key: StaticString, _ text: String?) {
        self.key(key)
        if let text { string(text) } else { null() }
    }

    package mutating func field(_ key: StaticString, _ number: some FixedWidthInteger) {
        self.key(key)
        integer(number)
    }

    package mutating func field<Number: FixedWidthInteger>(_ key: StaticString, _ number: Number?) {
        self.key(key)
        if let number { integer(number) } else { null() }
    }

    package mutating func field(_ key: StaticString, _ truth: Bool) {
        self.key(key)
        bool(truth)
    }

    package mutating func field(_ key: StaticString, _ truth: Bool?) {
        self.key(key)
        if let truth { bool(truth) } else { null() }
    }

    package mutating func field(_ key: StaticString, _ number: Double?) {
        self.key(key)
        if let number { self.number(number) } else { null() }
    }

    package mutating func field(_ key: StaticString, _ number: JSONNumber?) {
        self.key(key)
        if let number { self.number(number) } else { null() }
    }

    package mutating func field(_ key: StaticString, _ value: JSONValue?) {
        self.key(key)
        self.value(value ?? .null)
    }

    package mutating func field(_ key: StaticString, _ texts: [String]) {
        array(key) { for text in texts { $0.string(text) } }
    }

    package mutating func null(_ key: StaticString) {
        self.key(key)
        null()
    }

    package mutating func object(
        _ key: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        self.key(key)
        try object(body)
    }

    package mutating func array(
        _ key: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        self.key(key)
        try array(body)
    }

    /// A member whose value the body writes: exactly one.
    package mutating func member(
        _ key: StaticString, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        self.key(key)
        try body(&self)
    }
}

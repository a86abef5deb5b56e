/// One entry of a stream: its id (`milliseconds-sequence`) and its fields in order. A deleted entry that was still
/// pending has none.
package struct StreamEntry: Sendable, Equatable {
    package let id: String
    package let fields: [(name: String, value: [UInt8])]

    package subscript(name: String) -> [UInt8]? { fields.first { $0.name == name }?.value }

    package static func == (left: StreamEntry, right: StreamEntry) -> Bool {
        left.id == right.id && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    init?(_ value: RESPValue) {
        guard let parts = value.array, parts.count == 2, let id = parts[0].text else { return nil }
        let words = parts[1].array ?? []
        guard words.count.isMultiple(of: 2) else { return nil }
        var fields: [(name: String, value: [UInt8])] = []
        for index in stride(from: 0, to: words.count, by: 2) {
            guard let name = words[index].text, let value = words[index + 1].bytes else { return nil }
            fields.append((name, value))
        }
        self.id = id
        self.fields = fields
    }
}

/// How far a consumer group is.
package struct StreamGroup: Sendable, Equatable {
    package let name: String
    package let consumers: Int
    package let pending: Int
    package let lastDelivered: String
    /// Entries not yet delivered; nil when Redis does not know.
    package let lag: Int?
}

extension RedisClient {
    /// Appends an entry; answers its id. With `keeping`, older entries beyond about so many are dropped.
    @discardableResult
    package func append(
        _ fields: KeyValuePairs<String, RESPArgument>, to stream: String, keeping limit: Int? = nil
    ) async throws(RedisError) -> String {
        var words: [RESPArgument] = ["XADD", RESPArgument(stream)]
        if let limit { words += ["MAXLEN", "~", RESPArgument(limit)] }
        words.append("*")
        for (name, value) in fields { words += [RESPArgument(name), value] }
        guard let id = try await command(words).text else { throw .unexpectedAnswer }
        return id
    }

    /// Makes the group, and the stream with it, unless they exist. It will be given what comes after `start` (`0`:
    /// everything).
    package func createGroup(_ group: String, of stream: String, from start: String = "0") async throws(RedisError) {
        do {
            _ = try await command(
                "XGROUP", "CREATE", RESPArgument(stream), RESPArgument(group), RESPArgument(start), "MKSTREAM")
        } catch {
            guard error.code == "BUSYGROUP" else { throw error }
        }
    }

    /// Entries are done with; answers how many were still pending.
    @discardableResult
    package func acknowledge(_ ids: [String], group: String, of stream: String) async throws(RedisError) -> Int {
        guard !ids.isEmpty else { return 0 }
        let words: [RESPArgument] = ["XACK", RESPArgument(stream), RESPArgument(group)] + ids.map { RESPArgument($0) }
        guard let count = try await command(words).integer else { throw .unexpectedAnswer }
        return Int(count)
    }

    /// Whether entries were given to consumers of the group other than this one, and are not acknowledged.
    package func isPending(
        elsewhereThan consumer: String, group: String, of stream: String
    ) async throws(RedisError) -> Bool {
        let answer = try await command("XPENDING", RESPArgument(stream), RESPArgument(group))
        guard let parts = answer.array, parts.count == 4 else { throw .unexpectedAnswer }
        let consumers = parts[3].array ?? []
        return consumers.contains { $0.array?.first?.text != consumer }
    }

    /// Takes over what others were given and have not acknowledged for `idle`. Answers the entries and where to go on
    /// (`0-0`: done).
    package func claim(
        group: String, of stream: String, for consumer: String, idle: Duration, from start: String = "0-0",
        count: Int = 64
    ) async throws(RedisError) -> (entries: [StreamEntry], next: String) {
        let (seconds, attoseconds) = idle.components
        let milliseconds = seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
        let answer = try await command(
            "XAUTOCLAIM", RESPArgument(stream), RESPArgument(group), RESPArgument(consumer), RESPArgument(milliseconds),
            RESPArgument(start), "COUNT", RESPArgument(count))
        guard let parts = answer.array, parts.count >= 2, let next = parts[0].text, let entries = parts[1].array
        else { throw .unexpectedAnswer }
        return (entries.compactMap(StreamEntry.init), next)
    }

    package func groups(of stream: String) async throws(RedisError) -> [StreamGroup] {
        guard let groups = try await command("XINFO", "GROUPS", RESPArgument(stream)).array else {
            throw .unexpectedAnswer
        }
        return groups.compactMap { group in
            guard let members = group.members, let name = members["name"]?.text,
                let consumers = members["consumers"]?.integer, let pending = members["pending"]?.integer,
                let last = members["last-delivered-id"]?.text
            else { return nil }
            return StreamGroup(
                name: name, consumers: Int(consumers), pending: Int(pending), lastDelivered: last,
                lag: members["lag"]?.integer.map(Int.init))
        }
    }

    /// The number that a key holds; 0 without it.
    package func count(at key: String) async throws(RedisError) -> Int {
        Int(try await command("GET", RESPArgument(key)).text ?? "0") ?? 0
    }

    package func length(of stream: String) async throws(RedisError) -> Int {
        guard let length = try await command("XLEN", RESPArgument(stream)).integer else { throw .unexpectedAnswer }
        return Int(length)
    }
}

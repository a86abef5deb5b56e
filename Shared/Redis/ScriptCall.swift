internal import Kernel
internal import Lifecycle

/// A call of a script with one key and the same arguments each time, in its wire form: for what is called at every
/// request.
package final class ScriptCall: Sendable {
    private let script: Script
    /// `EVAL source 1`: for a server that does not know the script.
    private let whole: [UInt8]
    private let arguments: [UInt8]
    /// The words of the call: its name, the script, the number of keys, the key, the arguments.
    private let count: Int
    /// `EVALSHA digest 1`, once the server has said what it calls the script.
    private let short = Locked<[UInt8]?>(nil)

    package init(_ script: Script, _ arguments: [RESPArgument]) {
        self.script = script
        count = 4 + arguments.count
        whole = Self.beginning(count, ["EVAL", RESPArgument(script.source), 1])
        self.arguments = arguments.reduce(into: []) { RESPWriter.append($1.bytes, to: &$0) }
    }

    /// Sends the call over `connection`; `done` is called within `timeout`.
    func send(
        _ key: [UInt8], over connection: RedisConnection, within timeout: Duration,
        _ done: @escaping (RedisConnection.Answer) -> Void
    ) {
        guard let short = short.withLock({ $0 }) else {
            learn(over: connection)
            return send(whole, key, over: connection, within: timeout, done)
        }
        send(short, key, over: connection, within: timeout) { [self] answer in
            // A server that was restarted, or emptied, gets the script with the call (EVAL).
            guard case .failure(let error) = answer, error.code == "NOSCRIPT" else { return done(answer) }
            send(whole, key, over: connection, within: timeout, done)
        }
    }

    private func send(
        _ beginning: [UInt8], _ key: [UInt8], over connection: RedisConnection, within timeout: Duration,
        _ done: @escaping (RedisConnection.Answer) -> Void
    ) {
        connection.send(within: timeout, done) { output in
            output.append(all: beginning)
            RESPWriter.append(key, to: &output)
            output.append(all: arguments)
        }
    }

    private func learn(over connection: RedisConnection) {
        if let known = script.known { return isKnown(as: known) }
        connection.send(["SCRIPT", "LOAD", RESPArgument(script.source)]) { [self] answer in
            guard let name = try? answer.get().text else { return }
            script.isKnown(as: name)
            isKnown(as: name)
        }
    }

    private func isKnown(as name: String) {
        let call = Self.beginning(count, ["EVALSHA", RESPArgument(name), 1])
        short.withLock { $0 = call }
    }

    private static func beginning(_ count: Int, _ words: [RESPArgument]) -> [UInt8] {
        var bytes: [UInt8] = []
        RESPWriter.append(head: count, to: &bytes)
        for word in words { RESPWriter.append(word.bytes, to: &bytes) }
        return bytes
    }
}

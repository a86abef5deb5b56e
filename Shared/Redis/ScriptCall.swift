internal import Kernel
internal import Lifecycle

/// A call of a script for some keys, with the same arguments each time, in its wire form: for what is called at every
/// request. The script answers with an array, an element for each key.
package final class ScriptCall: Sendable {
    private let script: Script
    /// `EVAL source`: for a server that does not know the script.
    private let whole: [UInt8]
    private let arguments: [UInt8]
    private let argumentCount: Int
    /// `EVALSHA digest`, once the server has said what it calls the script.
    private let short = Locked<[UInt8]?>(nil)

    package init(_ script: Script, _ arguments: [RESPArgument]) {
        self.script = script
        whole = Self.words(["EVAL", RESPArgument(script.source)])
        self.arguments = Self.words(arguments)
        argumentCount = arguments.count
    }

    /// Sends the call over `connection`; `done` is called within `timeout`.
    func send(
        _ keys: [[UInt8]], over connection: RedisConnection, within timeout: Duration,
        _ done: @escaping (RedisConnection.Answer) -> Void
    ) {
        guard let short = short.withLock({ $0 }) else {
            learn(over: connection)
            return send(whole, keys, over: connection, within: timeout, done)
        }
        send(short, keys, over: connection, within: timeout) { [self] answer in
            // A server that was restarted, or emptied, gets the script with the call (EVAL).
            guard case .failure(let error) = answer, error.code == "NOSCRIPT" else { return done(answer) }
            send(whole, keys, over: connection, within: timeout, done)
        }
    }

    private func send(
        _ beginning: [UInt8], _ keys: [[UInt8]], over connection: RedisConnection, within timeout: Duration,
        _ done: @escaping (RedisConnection.Answer) -> Void
    ) {
        connection.send(within: timeout, done) { output in
            // Its name, the script, the number of keys, the keys, the arguments.
            RESPWriter.append(head: 3 + keys.count + argumentCount, to: &output)
            output.append(all: beginning)
            RESPWriter.append(number: keys.count, to: &output)
            for key in keys { RESPWriter.append(key, to: &output) }
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
        let call = Self.words(["EVALSHA", RESPArgument(name)])
        short.withLock { $0 = call }
    }

    private static func words(_ words: [RESPArgument]) -> [UInt8] {
        words.reduce(into: []) { RESPWriter.append($1.bytes, to: &$0) }
    }
}

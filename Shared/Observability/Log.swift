/// The process's log, for everyone: `log.info("appointment booked", ["appointment": id])`.
package let log = Log()

/// Says constant sentences, with values beside them. The sentence is a `StaticString`, so nothing can be spliced into
/// it; request id and trace id are added from the running task. Where the lines go is the task's `LogSink`: the
/// process's own unless a test gives one.
package struct Log: Sendable {
    package init() {}

    package func debug(_ sentence: StaticString, _ values: KeyValuePairs<StaticString, any LogValue> = [:]) {
        LogSink.current.write(.debug, sentence, values)
    }

    package func info(_ sentence: StaticString, _ values: KeyValuePairs<StaticString, any LogValue> = [:]) {
        LogSink.current.write(.info, sentence, values)
    }

    package func warning(_ sentence: StaticString, _ values: KeyValuePairs<StaticString, any LogValue> = [:]) {
        LogSink.current.write(.warning, sentence, values)
    }

    package func error(_ sentence: StaticString, _ values: KeyValuePairs<StaticString, any LogValue> = [:]) {
        LogSink.current.write(.error, sentence, values)
    }
}

/// From the most talkative to the most silent.
package enum LogLevel: String, Sendable, CaseIterable {
    case debug, info, warning, error

    /// As people write it, in any case; `warn`, `critical`, `fatal` and `trace` are understood too.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "debug", "trace": self = .debug
        case "info", "notice": self = .info
        case "warning", "warn": self = .warning
        case "error", "critical", "fatal": self = .error
        default: return nil
        }
    }

    var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// How lines look: JSON for machines, text for a terminal.
package enum LogFormat: String, Sendable, CaseIterable {
    case json, text
}

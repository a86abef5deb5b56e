import JSON

/// A stream of events (`text/event-stream`), 200: open until its client, its subscriber or the server ends it. While
/// nothing happens it has no task of its own but its connection's.
package struct EventStream<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .events, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }

    private let subscribe: @Sendable (EventSink<Viewed>) -> @Sendable (EventStreamEnd) -> Void

    /// - Parameter subscribe: keeps the sink and returns at once; called when the head of the answer is on its way.
    ///   What it returns is called once, when the stream is over, whoever ended it.
    package init(_ subscribe: @escaping @Sendable (EventSink<Viewed>) -> @Sendable (EventStreamEnd) -> Void) {
        self.subscribe = subscribe
    }

    package var answered: Answered {
        Answered(.events { [subscribe] output in subscribe(EventSink(output)) })
    }
}

/// Why a stream of events is over.
package enum EventStreamEnd: String, Sendable {
    /// Its subscriber ended it.
    case ended
    /// Its client has left, or the server has stopped.
    case left = "client"
    /// Its client took too little for too long.
    case slow
}

/// Why a subscriber ends a stream, as `bye` tells its client.
package enum ByeReason: String, Sendable {
    case sessionEnded = "session_ended"
    /// It has lasted long enough: the client connects anew.
    case renew
    case shutdown
    /// The account has opened another, and has no more at a time.
    case replaced

    /// The event as it is sent, the last of its stream.
    package var event: [UInt8] { Array("event: bye\ndata: {\"reason\":\"\(rawValue)\"}\n\n".utf8) }
}

/// Where the bytes of one stream of events go. Used from any thread, in order, and without waiting; once the stream is
/// over it takes what it is given and forgets it.
package protocol EventOutput: Sendable {
    func write(_ bytes: [UInt8])
    /// Whether so much waits for the client that whoever has more at hand had better wait as well. To be asked on the
    /// connection's loop.
    var isBehind: Bool { get }
    /// Ends the stream when all that was written before has been sent.
    func end()
}

/// One event: `id` is what a client resumes behind, `name` what it listens for. Neither holds a line end.
package struct ServerSentEvent<Viewed: View>: Sendable {
    package let id: String?
    package let name: String?
    package let data: Viewed

    package init(id: String?, name: String?, data: Viewed) {
        self.id = id
        self.name = name
        self.data = data
    }
}

/// The writing end of one stream of events. A client that is too slow to take what is written loses its stream, and
/// resumes.
package struct EventSink<Viewed: View>: Sendable {
    private let output: any EventOutput

    package init(_ output: any EventOutput) { self.output = output }

    package func send(_ event: ServerSentEvent<Viewed>) {
        var json = JSONWriter()
        Viewed.shape.write(event.data, to: &json)
        send(id: event.id, name: event.name, json: json.bytes)
    }

    /// The same with data that is written already, as one line of JSON.
    package func send(id: String?, name: String?, json: [UInt8]) {
        var text = ""
        if let id { text += "id: \(Self.line(id))\n" }
        if let name { text += "event: \(Self.line(name))\n" }
        output.write(Array((text + "data: ").utf8) + json + [0x0A, 0x0A])
    }

    /// How long a client waits before it connects again, in whole seconds.
    package func retry(after delay: Duration) {
        output.write(Array("retry: \(delay.components.seconds &* 1_000)\n\n".utf8))
    }

    /// A comment, which no client sees: it keeps what stands between from closing an idle connection.
    package func ping() { output.write(Array(": ping\n\n".utf8)) }

    /// Whether the client has much to read still. To be asked on the connection's loop.
    package var isBehind: Bool { output.isBehind }

    package func end() { output.end() }

    package func end(_ reason: ByeReason) {
        output.write(reason.event)
        output.end()
    }

    private static func line(_ text: String) -> String { String(text.prefix { !$0.isNewline && $0 != "\0" }) }
}

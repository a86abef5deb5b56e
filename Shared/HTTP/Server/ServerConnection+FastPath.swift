internal import Kernel
internal import Net

/// Where a connection stands with its fast path.
enum Course {
    /// The task runs, or is about to.
    case task
    /// The task sleeps until a head has come.
    case sleeps
    /// What has to be known of a request is asked for while the task sleeps.
    case asks
    /// A request is under way while the task sleeps.
    case carries
    /// The task is woken to finish what was begun.
    case begun
    /// The task is woken to end the connection.
    case ends
}

extension ServerConnection {
    /// Bytes came: whether nobody need be woken for them.
    func hasReceived() -> Bool {
        switch course {
        case .sleeps: return goOn()
        case .asks, .carries: return true
        case .task, .begun, .ends: return false
        }
    }

    /// Begins what has come; false when it is the task's.
    private func goOn() -> Bool {
        guard let way, !hasEnded else { return yield(to: .task) }
        do throws(MessageFault) {
            if try parseHead() == .needsMore {
                waitForMore()
                return true
            }
        } catch {
            return yield(to: .task)
        }
        let head = parser.head
        guard Self.isPlain(head) else { return yield(to: .task) }
        enter(.handling, for: .max)
        return follow(stream.input.withSpan { way.begin(head, in: $0) })
    }

    /// What was asked for is known.
    func heard() {
        guard course == .asks, let way else { return }
        if !follow(stream.input.withSpan { way.proceed(parser.head, in: $0) }) { stream.wake() }
    }

    /// Goes where the fast path has led; false when that is to the task.
    private func follow(_ beginning: FastPathStep) -> Bool {
        switch beginning {
        case .declined: return yield(to: .task)
        case .begun: return yield(to: .begun)
        case .asked:
            course = .asks
            return true
        case .sent(let connection):
            course = .carries
            carried = connection
            connection.carrier = self
            // It may have broken as it was sent to.
            if !connection.stream.isOpen { handOver() }
            return true
        }
    }

    /// A method without a body, and none either, asked for with nothing that a task is needed for.
    private static func isPlain(_ head: RequestHead) -> Bool {
        head.method == .get && head.version == .http11 && head.framing.isEmpty
    }

    private func yield(to course: Course) -> Bool {
        self.course = course
        return false
    }

    /// The exchange goes on as the task's: with what was asked or sent, and what has come of the answer.
    func handOver() {
        guard course == .carries || course == .asks else { return }
        carried?.carrier = nil
        course = .begun
        stream.wake()
    }

    /// The answer is whole: it goes to the client, and the next request may come.
    func carry(answerOf connection: ClientConnection) {
        guard stream.isOpen, let way else { return handOver() }
        phase = .answering
        let keepsAlive = parser.head.keepAlive && mayGoOn
        append(connection, way, keepsAlive: keepsAlive)
        connection.finishCarrying()
        carried = nil
        stream.consume(parser.head.length)
        forgetHead()
        course = keepsAlive ? .sleeps : .ends
        stream.flushSoon()
        // The task waits until a slow client has taken its answers.
        if keepsAlive, stream.pending >= ByteStream.highWater { course = .task }
        guard course == .sleeps, stream.isOpen, goesOnReading() else { return stream.wake() }
    }

    /// Looks at what has come meanwhile; false when it is the task's.
    private func goesOnReading() -> Bool {
        stream.readOn()
        guard course == .sleeps else { return true }
        if hasEnded || stream.available > 0 { return goOn() }
        waitForMore()
        return true
    }

    private func append(_ connection: ClientConnection, _ way: any FastPath, keepsAlive: Bool) {
        let whole = connection.wholeCount
        connection.stream.input.withSpan { bytes in
            let head = connection.parser.head
            let status = Status(head.status)
            let framing: ResponseEncoder.Framing = status.isBodiless ? .none : .length(whole - head.length)
            shard.appendHead(status, framing: framing, keepAlive: keepsAlive, to: &stream.output) { headers in
                way.answer(head, in: bytes, headers: &headers)
            }
            if framing != .none { stream.output.append(bytes, head.length..<whole) }
        }
    }
}

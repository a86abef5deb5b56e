internal import Kernel
internal import Net

extension ServerConnection {
    /// Shows the request to the fast path, or lets it go on with it.
    func offer(isFirst: Bool) -> ConnectionMachine.LoopAction {
        guard let fastPath else { return machine.loop(.offered(.declined), at: now) }
        let step = stream.input.withSpan { bytes in
            isFirst ? fastPath.begin(parser.head, in: bytes) : fastPath.proceed(parser.head, in: bytes)
        }
        switch step {
        case .declined: return machine.loop(.offered(.declined), at: now)
        case .begun: return machine.loop(.offered(.begun), at: now)
        case .waiting: return machine.loop(.offered(.pending), at: now)
        case .sent(let connection):
            upstream = connection
            // It may have broken as it was sent to: the task finds that out.
            guard connection.stream.isOpen else { return machine.loop(.offered(.begun), at: now) }
            connection.receiver = self
            return machine.loop(.offered(.sent), at: now)
        }
    }

    /// The whole answer has come over `upstream`.
    func upstreamAnswered() { act(stream.isOpen ? .answered : .interrupted) }

    /// The answer will not come, or not at once: the task goes on with what was sent, and with what has come of the
    /// answer.
    func upstreamInterrupted() { act(.interrupted) }

    /// What the request was sent over, if it was; its answer is for the task now.
    func takeUpstream() -> ClientConnection? {
        upstream?.receiver = nil
        return upstream.take()
    }

    func copyAnswer(keepsAlive: Bool) -> ConnectionMachine.LoopAction {
        if let fastPath, let upstream = takeUpstream() {
            append(upstream, fastPath, keepsAlive: keepsAlive)
            upstream.finishCopied()
        }
        let request = stream.input.withSpan { parser.head.wholeBody(in: $0)?.upperBound }
        stream.consume(request ?? parser.head.length)
        parser.reset()
        stream.flushSoon()
        return machine.loop(
            .copied(keepsAlive: keepsAlive, hasBacklog: stream.pending >= ByteStream.highWater), at: now)
    }

    private func append(_ upstream: ClientConnection, _ fastPath: any FastPath, keepsAlive: Bool) {
        let whole = upstream.wholeCount
        upstream.stream.input.withSpan { bytes in
            let head = upstream.parser.head
            let status = Status(head.status)
            let framing: ResponseEncoder.Framing = status.isBodiless ? .none : .length(whole - head.length)
            makeRoom(for: whole)
            shard.appendHead(status, framing: framing, keepAlive: keepsAlive, to: &stream.output) { headers in
                fastPath.answer(head, in: bytes, headers: &headers)
            }
            if framing != .none { stream.output.append(bytes, head.length..<whole) }
        }
    }
}

extension RequestHead {
    /// A read without a body, or a write whose body comes unasked and in one piece, by the current version of the
    /// protocol: nothing about it needs a task.
    var isPlain: Bool {
        guard version == .http11, !expectsContinue else { return false }
        switch (method, framing) {
        case (.get, _): return framing.isEmpty
        case (.post, .none), (.put, .none), (.patch, .none), (.delete, .none): return true
        case (.post, .length), (.put, .length), (.patch, .length), (.delete, .length): return true
        default: return false
        }
    }
}

internal import CLinux
internal import Glibc
package import Lifecycle

extension ByteStream {
    // MARK: TLS

    /// Speaks TLS from here on; returns when both sides agree. `serverName` is needed by clients.
    package func secure(
        _ context: TLSContext, serverName: String? = nil, deadline: Deadline
    ) async throws {
        try throwFailure()
        let session = try TLSSession(context, fd: fd, serverName: serverName)
        tls = session
        resumeReading()
        try await complete(by: deadline) { session.handshake() }
    }

    /// Repeats `attempt` as the descriptor allows, until it is done.
    func complete(by deadline: Deadline, _ attempt: @escaping () -> Transfer) async throws {
        self.attempt = attempt
        advance()
        guard self.attempt != nil else { return try throwFailure() }
        let timer = loop.at(deadline) { [self] in close(.timedOut) }
        await unsafe withUnsafeContinuation { continuation in unsafe opener = continuation }
        loop.cancel(timer)
        try throwFailure()
    }

    private func throwFailure() throws {
        if let failure { throw failure }
    }

    func advance() {
        guard let attempt else { return }
        let transfer = attempt()
        state.machine.opens(transfer.attempt)
        switch transfer {
        case .moved:
            self.attempt = nil
            updateInterest()
            resumeOpener()
            // The event for bytes behind the handshake has already come.
            if tls != nil, !isPaused, isOpen { read() }
        case .waitsToRead, .waitsToWrite: updateInterest()
        case .ended, .failed: close(transfer.failure)
        }
    }

    // MARK: Bytes

    func receive() -> Transfer {
        let fd = fd
        if isSecure { return receiveSealed() }
        return unsafe receive { unsafe Self.received(praxis_receive(fd, $0.baseAddress, $0.count)) }
    }

    private func receiveSealed() -> Transfer {
        guard let tls else { return .ended }
        return unsafe receive { unsafe tls.read(into: $0) }
    }

    @inline(__always)
    private func receive(_ read: (UnsafeMutableRawBufferPointer) -> Transfer) -> Transfer {
        var verdict = Transfer.waitsToRead
        var hasFilledRoom = false
        _ = unsafe input.fill(atLeast: Self.readRoom) { room in
            verdict = unsafe read(room)
            guard case .moved(let count) = verdict else { return 0 }
            hasFilledRoom = count == room.count
            return count
        }
        state.hasFilledRoom = hasFilledRoom
        return verdict
    }

    func send() -> Transfer {
        let (fd, sent) = (fd, state.sent)
        if isSecure { return sendSealed() }
        // As if it were changed: only read, it would be held on to for as long, at a cost.
        return unsafe output.withUnsafeMutableBytes { all in
            let rest = unsafe UnsafeRawBufferPointer(rebasing: all[sent...])
            let count = unsafe praxis_send(fd, rest.baseAddress, rest.count)
            if count >= 0 { return .moved(count) }
            return errno == EAGAIN || errno == EINTR ? .waitsToWrite : .failed(.socket(.last("write")))
        }
    }

    private func sendSealed() -> Transfer {
        guard let tls else { return .ended }
        let sent = state.sent
        return unsafe output.withUnsafeBytes { unsafe tls.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
    }

    private static func received(_ count: Int) -> Transfer {
        if count > 0 { return .moved(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN || errno == EINTR ? .waitsToRead : .failed(.socket(.last("read")))
    }
}

internal import Glibc
internal import Lifecycle

// Events of the descriptor, and what is then read and sent.
extension ByteStream {
    // MARK: What is watched

    /// Told once of what comes, not in each turn until it is read: whoever reads takes all there is. The end of the
    /// other side is asked for with it, since it may come with the last bytes, after which there are no more events.
    func watchInput() {
        watch = loop.watch(fd, readable: true, writable: false, hangUp: true, edge: true) { [self] in isReady($0) }
    }

    func updateInterest() {
        guard let watch else { return }
        let interest = state.machine.interest
        loop.change(
            watch, readable: interest.readable, writable: interest.writable, hangUp: interest.hangUp, edge: true)
    }

    private func isReady(_ readiness: Readiness) {
        if case .opening = state.machine.phase { return advance() }
        if readiness.writable, state.machine.resumesReading() {
            updateInterest()
            read()
        }
        if readiness.readable, state.machine.mayRead { read(toEnd: readiness.hangUp) }
        if state.machine.unblocks(isWritable: readiness.writable) { sendOn() }
        if readiness.hangUp, state.machine.mustInspect(isBroken: readiness.isBroken) { inspect() }
    }

    // MARK: Reading

    func read(toEnd: Bool = false) {
        var progress = 0
        var hasEnded = false
        reading: while isOpen {
            let transfer = receive()
            if case .moved(let count) = transfer {
                progress &+= count
                if state.machine.isLingering { discard() }
            }
            // A plain socket that did not fill the room has no more; for what TLS has already decrypted there is no
            // further event.
            let action = state.machine.read(
                transfer.attempt, isFull: input.count >= Self.highWater,
                mayHaveMore: isSecure || state.hasFilledRoom || toEnd)
            switch action {
            case .again: continue
            case .stop: break reading
            case .stopAndWatch:
                updateInterest()
                break reading
            case .end:
                // Known at once; reported after the last bytes.
                hasEnded = true
                break reading
            case .fail: close(transfer.failure)
            }
        }
        if progress > 0 { report(progress) }
        if hasEnded, isOpen { endInput() }
    }

    private func report(_ progress: Int) {
        state.lastRead = loop.now
        state.bytesRead &+= progress
        if let onInput, onInput() { return }
        wake()
    }

    private func discard() {
        state.discarded &+= input.count
        input.consume(input.count)
        if state.discarded > Self.lingerLimit { close(.closed) }
    }

    private func endInput() {
        updateInterest()
        if state.machine.isLingering, pending == 0 { return close() }
        interruptReader()
        tellEnd()
    }

    private func tellEnd() {
        let ended = onEnd
        onEnd = nil
        ended?(nil)
    }

    func resumeReading() {
        guard state.machine.resume(isFull: input.count >= Self.highWater) else { return }
        if watch == nil { watchInput() }
        updateInterest()
        if tls?.hasPendingInput == true { read() }
    }

    /// The peer closed while we were not reading: reported once, since what it sent before is still unread.
    private func inspect() {
        // What the system says of the descriptor whatever is asked: an error, a hang-up of both directions.
        var entry = pollfd(fd: fd, events: 0, revents: 0)
        let signs = unsafe poll(&entry, 1, 0) > 0 ? entry.revents : 0
        let action = state.machine.hungUp(
            hasError: signs & Int16(POLLERR) != 0, isOver: signs & Int16(POLLHUP) != 0)
        switch action {
        case .none: break
        case .close: close(.socket(SocketError(operation: "read", code: ECONNRESET)))
        case .reportHangUp(let unwatches):
            updateInterest()
            // Nobody listens until somebody reads on.
            if unwatches, let watch {
                loop.unwatch(watch)
                self.watch = nil
            }
            tellEnd()
        }
    }

    // MARK: Sending

    /// Sends at once what can be sent; the rest follows when the socket takes it.
    package func flush() {
        guard state.machine.maySend, state.sent < output.count else { return }
        while state.sent < output.count {
            let transfer = send()
            switch state.machine.wrote(transfer.attempt) {
            case .again:
                if case .moved(let count) = transfer { state.sent &+= count }
                state.lastWrite = loop.now
            case .block: return block()
            case .end: return close(.closed)
            case .fail: return close(transfer.failure)
            }
        }
        state.sent = 0
        output.removeAll(keepingCapacity: state.keepsOutput && output.capacity <= Self.keptOutput)
        sayEnd()
        resumeWriter()
    }

    private func block() {
        state.lastWrite = loop.now
        updateInterest()
    }

    /// The descriptor takes more.
    private func sendOn() {
        flush()
        if pending == 0 { sayEnd() }
        if state.machine.output == .ready { updateInterest() }
        if pending < Self.highWater { resumeWriter() }
    }

    /// Says once that no more will come, if it is to be said; again when the socket had no room for TLS to say so.
    func sayEnd() {
        guard state.machine.mustSayEnd else { return }
        if let tls, tls.finish() == .waitsToWrite {
            _ = state.machine.wrote(.waitsToWrite)
            return block()
        }
        _ = shutdown(fd, Int32(SHUT_WR))
        if state.machine.saidEnd() { close() }
    }
}

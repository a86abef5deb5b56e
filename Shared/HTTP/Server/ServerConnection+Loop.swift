internal import Lifecycle
internal import Net

// What comes beside the task: the client's bytes and its end, the time, the server's end.
extension ServerConnection {
    func listen() {
        stream.onEnd = { [unowned self] failure in clientEnded(failure) }
        guard let fastPath else { return }
        stream.onInput = { [self] in perform(machine.loop(.received, at: now)) }
        fastPath.onReply = { [self] in act(.replied) }
    }

    private func clientEnded(_ failure: StreamFailure?) { act(.clientEnded(isFailure: failure != nil)) }

    func hasClosed() { act(.closed) }

    /// Called by the shard's tick.
    func checkTime() {
        act(
            .tick(
                ConnectionMachine.StreamTimes(
                    lastRead: stream.lastRead.nanoseconds, stalledSince: stream.stalledSince?.nanoseconds)))
    }

    func drain() { act(.drain(hasBacklog: stream.pending > 0)) }

    func abort() {
        task?.cancel()
        stream.close()
    }

    func act(_ event: ConnectionMachine.LoopEvent) {
        if !perform(machine.loop(event, at: now)) { stream.wake() }
    }

    /// Does what is to be done on the loop, until that is all; false when the task is to be woken.
    private func perform(_ first: ConnectionMachine.LoopAction) -> Bool {
        var action = first
        while true {
            switch action {
            case .parse: action = machine.loop(.parsed(parseHead()), at: now)
            case .offer: action = offer(isFirst: true)
            case .proceed: action = offer(isFirst: false)
            case .copy(let keepsAlive): action = copyAnswer(keepsAlive: keepsAlive)
            case .readOn:
                stream.readOn()
                action = machine.loop(.received, at: now)
            case .none: return true
            case .wakeTask: return leaveToTask()
            case .wakeTaskCancelled:
                task?.cancel()
                return leaveToTask()
            case .cancelTask, .interruptBody, .close, .closeTimedOut, .closeLingering:
                end(action)
                return true
            }
        }
    }

    /// From here on the upstream's answer is for the task.
    private func leaveToTask() -> Bool {
        upstream?.receiver = nil
        return false
    }

    private func end(_ action: ConnectionMachine.LoopAction) {
        switch action {
        case .cancelTask: task?.cancel()
        case .interruptBody: stream.interruptReader()
        case .closeTimedOut: stream.close(.timedOut)
        case .closeLingering: stream.closeLingering(settings.limits.drain)
        default: stream.close()
        }
    }
}

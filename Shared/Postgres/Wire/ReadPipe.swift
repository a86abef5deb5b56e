internal import Kernel
internal import Lifecycle
internal import Net
internal import Pooling

/// The connection all reads of a loop share. Those of one turn travel as one batch; each stands alone: when one fails,
/// the innocent ones behind it are sent again by themselves, and the scope of one never reaches the next.
@safe final class ReadPipe: @unchecked Sendable {
    struct Read: Sendable {
        let sql: SQL
        let scope: Scope?
        let asked: PendingReply<Rows>
        var tries = 0
    }

    private enum State {
        case off(until: MonotonicTime?)
        case opening([Read])
        case on(Link)
    }

    /// Reads under way or waiting; one more is refused.
    private static let limit = 4096

    private let backoff: Backoff
    private let open: (@escaping (Link?) -> Void) -> Void
    private var state = State.off(until: nil)
    private var failures = 0
    private var isClosed = false
    /// The scope in force at this point of the batch with this number.
    private var inForce: (batch: Int, scope: Scope) = (0, .nobody)

    init(backoff: Backoff, open: @escaping (@escaping (Link?) -> Void) -> Void) {
        self.backoff = backoff
        self.open = open
    }

    var processID: Int32 {
        if case .on(let link) = state { link.processID } else { 0 }
    }

    func submit(_ read: Read) {
        guard read.asked.isAwaited else { return }
        if isClosed { return refuse(read, .closed) }
        switch state {
        case .on(let link):
            if link.waitingCount > Self.limit { return refuse(read, .busy) }
            send(read, over: link)
        case .opening(let waiting):
            if waiting.count >= Self.limit { return refuse(read, .busy) }
            state = .opening(waiting + [read])
        case .off(let until):
            if let until, .now < until { return refuse(read, .unreachable) }
            state = .opening([read])
            open { [self] link in opened(link) }
        }
    }

    func close() {
        isClosed = true
        if case .on(let link) = state { link.close() }
        state = .off(until: nil)
    }

    private func opened(_ link: Link?) {
        guard case .opening(let waiting) = state else {
            link?.close()
            return
        }
        guard let link else {
            state = .off(until: .now.advanced(by: backoff.delay(failures, random: .random(in: 0..<1))))
            failures = min(failures + 1, 32)
            for read in waiting { refuse(read, .unreachable) }
            return
        }
        failures = 0
        inForce = (link.batch, .nobody)
        state = .on(link)
        link.onBroken = { [weak self] in self?.state = .off(until: nil) }
        for read in waiting { submit(read) }
    }

    private func send(_ read: Read, over link: Link) {
        if let error = setScope(read.scope ?? .nobody, on: link) {
            read.asked.answer(.failure(error))
            return
        }
        link.send(read.sql) { [self] answer in settle(read, answer) }
    }

    /// The settings of a batch end with it; inside one, they are changed only where the next read is in another name.
    /// Answers why it could not be set; nothing may be read then, for the scope before would still be in force.
    private func setScope(_ scope: Scope, on link: Link) -> (any Error)? {
        if inForce.batch != link.batch { inForce = (link.batch, .nobody) }
        guard inForce.scope != scope else { return nil }
        var refusal: DatabaseError?
        let isSent = link.send(scope.statement) { answer in
            if case .refused(let error) = answer { refusal = error }
        }
        guard isSent else { return refusal ?? DatabaseUnavailable(.lost) }
        inForce.scope = scope
        return nil
    }

    private func settle(_ read: Read, _ answer: Answer) {
        switch answer {
        case .rows(let result): read.asked.answer(.success(Rows(result)))
        case .refused(let error) where error.isStalePlan && read.tries < 2: again(read)
        case .refused(let error): read.asked.answer(.failure(error.asThrown))
        case .aborted: read.tries < 3 ? again(read) : refuse(read, .lost)
        case .lost: read.tries < 1 ? again(read) : refuse(read, .lost)
        }
    }

    /// In a batch of its own, so that only its own fault can fail it.
    private func again(_ read: Read) {
        var read = read
        read.tries += 1
        if case .on(let link) = state { link.syncNow() }
        submit(read)
        if case .on(let link) = state { link.syncNow() }
    }

    private func refuse(_ read: Read, _ reason: DatabaseUnavailable.Reason) {
        read.asked.answer(.failure(DatabaseUnavailable(reason)))
    }
}

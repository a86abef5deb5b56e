internal import CPostgres
internal import Glibc
internal import Kernel
internal import Net
internal import Pooling

/// What came of one statement.
enum Answer {
    case rows(ServerResult)
    case refused(DatabaseError)
    /// Not run, because one before it in the same batch failed: its turn is undone as if never sent.
    case aborted
    /// The connection broke before the answer came.
    case lost
}

/// One connection in pipeline mode on its event loop. What is sent in one turn of the loop leaves in one write with one
/// sync: a batch, and an implicit transaction unless it begins one. Every slot in the queue waits for its result, asked
/// for or not: a caller who gave up leaves a tombstone, never a gap.
@safe final class PostgresConnection: PoolConnection, @unchecked Sendable {
    private enum Slot {
        case preparation(text: String, of: Pending)
        case statement(Pending)
        case sync
    }

    /// Answers once; a preparation that fails answers for its statement.
    private final class Pending {
        private var done: ((Answer) -> Void)?
        init(_ done: @escaping (Answer) -> Void) { self.done = done }
        func answer(_ answer: Answer) {
            guard let done else { return }
            self.done = nil
            done(answer)
        }
    }

    /// Statements kept prepared; past it they are sent in full, as text from too many fragments would be.
    private static let preparedLimit = 512

    private let loop: EventLoop
    private var connection: LibpqConnection?
    private var watch: WatchID?
    private var wantsWrite = false
    private var slots = Fifo<Slot>()
    private var current: ServerResult?
    private var prepared: [String: String] = [:]
    private var preparedCount = 0
    private var isDirty = false
    private var settled: [() -> Void] = []
    /// Grows by one with each sync sent.
    private(set) var batch = 0
    var onBroken: (() -> Void)?
    var poolMember = 0

    init?(_ connection: LibpqConnection, on loop: EventLoop) {
        self.loop = loop
        self.connection = connection
        guard unsafe PQsetnonblocking(connection.pointer, 1) == 0, unsafe PQenterPipelineMode(connection.pointer) == 1
        else { return nil }
        watch = loop.watch(connection.descriptor, readable: true, writable: false) { [weak self] readiness in
            self?.ready(readable: readiness.readable, writable: readiness.writable)
        }
    }

    var isBroken: Bool { connection == nil }
    var isIdle: Bool { slots.isEmpty && !isDirty }
    var waitingCount: Int { slots.count }
    /// Nothing is under way, neither statement nor transaction: the next caller may have it.
    var isReusable: Bool { isIdle && !(connection?.isInTransaction ?? true) }
    var canceller: LibpqConnection.Canceller? { connection?.canceller() }

    // MARK: Sending

    /// Adds a statement to the batch of this turn. False when it was refused before it was sent: what should follow it
    /// must not be sent either.
    @discardableResult
    func send(_ sql: SQL, _ done: @escaping (Answer) -> Void) -> Bool {
        guard let connection else {
            done(.lost)
            return false
        }
        guard let values = BoundValues(sql.values) else {
            done(.refused(DatabaseError(sqlState: "22021", message: "a text holds a zero byte")))
            return false
        }
        let pending = Pending(done)
        let text = sql.text
        let isSent = sendPrepared(text, values, pending, connection) ?? sendInFull(text, values, pending, connection)
        beDirty()
        if !isSent { breakDown() }
        return isSent
    }

    /// Ends the batch here instead of at the end of the turn.
    func syncNow() {
        guard isDirty, let connection else { return }
        isDirty = false
        batch &+= 1
        slots.append(.sync)
        if unsafe PQpipelineSync(connection.pointer) != 1 { return breakDown() }
        flush()
    }

    /// Calls back when all that was sent has been answered; at once if so already or broken.
    func whenSettled(_ body: @escaping () -> Void) {
        if isIdle || isBroken { body() } else { settled.append(body) }
    }

    private func sendPrepared(
        _ text: String, _ values: borrowing BoundValues, _ pending: Pending, _ connection: LibpqConnection
    ) -> Bool? {
        if prepared[text] == nil {
            guard prepared.count < Self.preparedLimit else { return nil }
            preparedCount += 1
            let name = "p\(preparedCount)"
            guard unsafe PQsendPrepare(connection.pointer, name, text, 0, nil) == 1 else {
                slots.append(.statement(pending))
                return false
            }
            prepared[text] = name
            slots.append(.preparation(text: text, of: pending))
        }
        guard let name = prepared[text] else { return nil }
        let isSent = unsafe values.withPointers { pointers, lengths, formats in
            unsafe PQsendQueryPrepared(connection.pointer, name, values.count, pointers, lengths, formats, 1)
        }
        slots.append(.statement(pending))
        return isSent == 1
    }

    private func sendInFull(
        _ text: String, _ values: borrowing BoundValues, _ pending: Pending, _ connection: LibpqConnection
    ) -> Bool {
        let isSent = unsafe values.withPointers { pointers, lengths, formats in
            unsafe PQsendQueryParams(connection.pointer, text, values.count, nil, pointers, lengths, formats, 1)
        }
        slots.append(.statement(pending))
        return isSent == 1
    }

    private func beDirty() {
        guard !isDirty else { return }
        isDirty = true
        loop.atEndOfTurn { [weak self] in self?.syncNow() }
    }

    private func flush() {
        guard let connection, let watch else { return }
        let left = unsafe PQflush(connection.pointer)
        if left < 0 { return breakDown() }
        if (left == 1) != wantsWrite {
            wantsWrite = left == 1
            loop.change(watch, readable: true, writable: wantsWrite)
        }
    }

    // MARK: Receiving

    private func ready(readable: Bool, writable: Bool) {
        guard let connection else { return }
        if readable {
            let isAlive = unsafe PQconsumeInput(connection.pointer) == 1
            // What came before the end still counts: a commit may be among it.
            receive(connection, isAlive: isAlive)
            if !isAlive || connection.isBroken { return breakDown() }
        }
        if writable || wantsWrite { flush() }
        callSettled()
    }

    /// With `careful`, a goodbye is noticed that has arrived but was not read yet, so that nothing is sent into a dead
    /// connection.
    func isUsable(careful: Bool) -> Bool {
        if careful, let connection, isIdle {
            var byte: UInt8 = 0
            let count = unsafe recv(connection.descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
            if count >= 0 || errno != EAGAIN { ready(readable: true, writable: false) }
        }
        return !isBroken
    }

    private func receive(_ connection: LibpqConnection, isAlive: Bool) {
        while let slot = slots.first, unsafe PQisBusy(connection.pointer) == 0 {
            guard let pointer = unsafe PQgetResult(connection.pointer) else {
                // The end of one statement's results; without any, there is nothing more to read now.
                guard let result = current else { return }
                current = nil
                slots.popFirst()
                settle(slot, result)
                if self.connection == nil { return }
                continue
            }
            let result = unsafe ServerResult(owning: pointer)
            if !isAlive, result.status == PGRES_FATAL_ERROR, result.diagnosis("C") == nil { return }
            if result.status == PGRES_PIPELINE_SYNC {
                slots.popFirst()
            } else {
                current = result
            }
        }
    }

    private func settle(_ slot: Slot, _ result: ServerResult) {
        switch slot {
        case .sync: break
        case .preparation(let text, let pending):
            if result.status == PGRES_COMMAND_OK { return }
            prepared.removeValue(forKey: text)
            if result.status == PGRES_FATAL_ERROR { deliver(pending, answer(result)) }
        case .statement(let pending):
            deliver(pending, answer(result))
        }
    }

    /// After a goodbye the connection is over, whether or not its end has been read: nothing more may be sent into it.
    private func deliver(_ pending: Pending, _ answer: Answer) {
        if case .lost = answer { breakDown() }
        pending.answer(answer)
    }

    private func answer(_ result: ServerResult) -> Answer {
        switch result.status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_SINGLE_TUPLE, PGRES_EMPTY_QUERY: return .rows(result)
        case PGRES_PIPELINE_ABORTED: return .aborted
        default:
            let error = result.error
            if error.isGoodbye { return .lost }
            // The names may all be gone or their plans stale; preparing again costs little.
            if error.isStalePlan { prepared.removeAll() }
            return .refused(error)
        }
    }

    private func callSettled() {
        guard isIdle || isBroken, !settled.isEmpty else { return }
        let bodies = settled
        settled = []
        for body in bodies { body() }
    }

    // MARK: Ending

    /// Closes at once; whoever waits gets an error.
    func close() {
        onBroken = nil
        breakDown()
    }

    private func breakDown() {
        guard connection != nil else { return }
        if let watch { loop.unwatch(watch) }
        watch = nil
        connection = nil
        current = nil
        isDirty = false
        // The owner is notified first: those who wait may want to try elsewhere at once.
        let unanswered = slots.takeAll()
        let notify = onBroken
        onBroken = nil
        notify?()
        for slot in unanswered {
            if case .statement(let pending) = slot { pending.answer(.lost) }
        }
        callSettled()
    }
}

@testable import HTTP

/// Every state of a connection with every event: what is not listed changes nothing (on the loop), or cannot come and
/// ends the connection (from the task).
enum ConnectionTable {
    typealias State = ConnectionMachine.State

    struct Row<Action: Sendable>: Sendable {
        let from: [State]
        /// `nil`: the state stays.
        let to: State?
        let action: Action

        init(_ from: [State], to: State? = nil, _ action: Action) {
            self.from = from
            self.to = to
            self.action = action
        }
    }

    static let states: [State] = [
        .handshake, .reading(.awaited), .reading(.begun), .sleeping(.awaited), .sleeping(.begun), .offered, .pending,
        .forwarded, .handedOver(isBegun: false), .handedOver(isBegun: true), .refused(.tooSlow), .handling,
        .responding, .ending,
    ]

    /// One for each case: a new one does not compile until it is named here, and the tests miss it until it is among
    /// `states`.
    static func number(_ state: State) -> Int {
        switch state {
        case .handshake: 0
        case .reading: 1
        case .sleeping: 2
        case .offered: 3
        case .pending: 4
        case .forwarded: 5
        case .handedOver: 6
        case .refused: 7
        case .handling: 8
        case .responding: 9
        case .ending: 10
        }
    }

    private static let asleep: [State] = [.sleeping(.awaited), .sleeping(.begun)]
    private static let awake: [State] = [.reading(.awaited), .reading(.begun)]
    private static let onFastPath: [State] = [.pending, .forwarded]
    private static let answering: [State] = [
        .handedOver(isBegun: false), .handedOver(isBegun: true), .handling, .responding,
    ]
    private static let quiet = ConnectionMachine.StreamTimes(lastRead: 0, stalledSince: nil)
    private static let stalled = ConnectionMachine.StreamTimes(lastRead: 0, stalledSince: -1_000)

    static let loop: [(ConnectionMachine.LoopEvent, [Row<ConnectionMachine.LoopAction>])] = [
        (
            .received,
            [
                Row(asleep, .parse),
                Row([.handshake] + awake + answering + [.refused(.tooSlow), .ending], .wakeTask),
            ]
        ),
        (.parsed(.needsMore(hasInput: false)), [Row(asleep, to: .sleeping(.awaited), .none)]),
        (.parsed(.needsMore(hasInput: true)), [Row(asleep, to: .sleeping(.begun), .none)]),
        (.parsed(.complete(isPlain: true, keepsAlive: true)), [Row(asleep, to: .offered, .offer)]),
        (
            .parsed(.complete(isPlain: false, keepsAlive: true)),
            [Row(asleep, to: .handedOver(isBegun: false), .wakeTask)]
        ),
        (.parsed(.fault(.badHost)), [Row(asleep, to: .refused(.message(.badHost)), .wakeTask)]),
        (.offered(.declined), [Row([.offered], to: .handedOver(isBegun: false), .wakeTask)]),
        (.offered(.begun), [Row([.offered], to: .handedOver(isBegun: true), .wakeTask)]),
        (.offered(.pending), [Row([.offered], to: .pending, .none)]),
        (.offered(.sent), [Row([.offered], to: .forwarded, .none)]),
        (.replied, [Row([.pending], to: .offered, .proceed)]),
        (.answered, [Row([.forwarded], to: .responding, .copy(keepsAlive: false))]),
        (
            .copied(keepsAlive: true, hasBacklog: false),
            [Row([.responding], to: .sleeping(.awaited), .readOn)]
        ),
        (.copied(keepsAlive: true, hasBacklog: true), [Row([.responding], .wakeTask)]),
        (.copied(keepsAlive: false, hasBacklog: false), [Row([.responding], to: .ending, .wakeTask)]),
        (.copied(keepsAlive: false, hasBacklog: true), [Row([.responding], to: .ending, .wakeTask)]),
        (.interrupted, [Row(onFastPath, to: .handedOver(isBegun: true), .wakeTask)]),
        (
            .clientEnded(isFailure: false),
            [
                Row([.sleeping(.awaited)], to: .reading(.awaited), .none),
                Row([.sleeping(.begun)], to: .reading(.begun), .none),
                Row(onFastPath, to: .handedOver(isBegun: true), .wakeTask),
            ]
        ),
        (
            .clientEnded(isFailure: true),
            [
                Row([.sleeping(.awaited)], to: .reading(.awaited), .none),
                Row([.sleeping(.begun)], to: .reading(.begun), .none),
                Row(onFastPath, to: .handedOver(isBegun: true), .wakeTaskCancelled),
                Row(answering, .cancelTask),
            ]
        ),
        (.closed, [Row(onFastPath + answering, .cancelTask)]),
        (.tick(quiet), []),
        (.tick(stalled), [Row(states, .closeTimedOut)]),
        (.drain(hasBacklog: false), []),
        (.drain(hasBacklog: true), [Row([.sleeping(.awaited), .reading(.awaited)], .closeLingering)]),
    ]

    static func number(_ event: ConnectionMachine.LoopEvent) -> Int {
        switch event {
        case .received: 0
        case .parsed: 1
        case .offered: 2
        case .replied: 3
        case .answered: 4
        case .copied: 5
        case .interrupted: 6
        case .clientEnded: 7
        case .closed: 8
        case .tick: 9
        case .drain: 10
        }
    }

    static let task: [(ConnectionMachine.TaskEvent, [Row<ConnectionMachine.TaskAction>])] = [
        (.secured(true), [Row([.handshake], to: .reading(.awaited), .parse)]),
        (.secured(false), []),
        (.parsed(.needsMore(hasInput: false)), [Row(awake, to: .sleeping(.awaited), .sleep)]),
        (.parsed(.needsMore(hasInput: true)), [Row(awake, to: .sleeping(.begun), .sleep)]),
        (
            .parsed(.complete(isPlain: true, keepsAlive: true)),
            [Row(awake, to: .handling, .answer(isBegun: false))]
        ),
        (
            .parsed(.complete(isPlain: false, keepsAlive: false)),
            [Row(awake, to: .handling, .answer(isBegun: false))]
        ),
        (.parsed(.fault(.badHost)), [Row(awake, to: .ending, .refuse(.message(.badHost)))]),
        (
            .woken(hasMore: true),
            [
                Row([.sleeping(.awaited), .reading(.awaited)], to: .reading(.awaited), .parse),
                Row([.sleeping(.begun), .reading(.begun)], to: .reading(.begun), .parse),
            ] + wokenToAnswer
        ),
        (.woken(hasMore: false), wokenToAnswer),
        (.targetRefused(.badTarget), [Row([.handling], to: .ending, .refuse(.message(.badTarget)))]),
        (
            .handled(bodyFault: nil, isOpen: true), [Row([.handling], to: .responding, .respond(keepsAlive: false))]
        ),
        (
            .handled(bodyFault: .answered, isOpen: true),
            [Row([.handling], to: .responding, .respond(keepsAlive: false))]
        ),
        (.handled(bodyFault: .tooSlow, isOpen: true), [Row([.handling], to: .ending, .refuse(.tooSlow))]),
        (.handled(bodyFault: .tooSlow, isOpen: false), []),
        (.responded(canStay: true, hasBacklog: false), [Row([.responding], to: .reading(.awaited), .parse)]),
        (.responded(canStay: true, hasBacklog: true), [Row([.responding], .awaitTaken)]),
        (.responded(canStay: false, hasBacklog: true), []),
        (.taken(isOpen: true), [Row([.responding], to: .reading(.awaited), .parse)]),
        (.taken(isOpen: false), []),
    ]

    private static let wokenToAnswer: [Row<ConnectionMachine.TaskAction>] = [
        Row([.handedOver(isBegun: false)], to: .handling, .answer(isBegun: false)),
        Row([.handedOver(isBegun: true)] + onFastPath, to: .handling, .answer(isBegun: true)),
        Row([.refused(.tooSlow)], to: .ending, .refuse(.tooSlow)),
        Row([.responding], .awaitTaken),
    ]

    static func number(_ event: ConnectionMachine.TaskEvent) -> Int {
        switch event {
        case .secured: 0
        case .parsed: 1
        case .woken: 2
        case .targetRefused: 3
        case .handled: 4
        case .responded: 5
        case .taken: 6
        }
    }
}

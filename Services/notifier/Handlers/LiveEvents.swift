package import API
package import Chassis
import Crypto
package import Kernel
import NotifierDomain
package import Web

/// `/api/events`: what concerns an account, as it happens.
package struct LiveEvents: Sendable {
    private let live: LiveStore
    private let tickets: StreamTicketStore
    private let streams: OpenStreams
    private let unit: UnitOfWork
    private let clock: any WallClock

    package init(
        live: LiveStore, tickets: StreamTicketStore, streams: OpenStreams, unit: UnitOfWork, clock: any WallClock
    ) {
        self.live = live
        self.tickets = tickets
        self.streams = streams
        self.unit = unit
        self.clock = clock
    }

    /// Seconds after which a process that takes no other stream is worth asking again.
    private static let retryAfter = 5

    package func stream(_ input: OpenStream, _ call: Call) async throws -> EventStream<LiveEventView> {
        guard !streams.isClosed else { throw Problem.unavailable(retryAfter: Self.retryAfter) }
        let owner = try await owner(input, call)
        let said = call.lastEventID.flatMap { $0.isEmpty ? nil : $0 } ?? input.lastEventID
        guard
            let beginning = try await live.beginning(of: owner.account, in: owner.session, after: LastEventID(said))
        else { throw Problem(.invalidToken, "The session has ended.") }
        return streams.stream(of: owner, from: beginning)
    }

    private func owner(_ input: OpenStream, _ call: Call) async throws -> StreamOwner {
        if let caller = call.caller { return StreamOwner(account: caller.account, session: caller.session) }
        guard let ticket = input.ticket else { throw Problem.notAuthenticated }
        guard let used = try await tickets.use(ticket, at: clock.now) else {
            throw Problem(.invalidToken, "The ticket is invalid or has expired.")
        }
        return StreamOwner(account: used.account, session: used.session, ticket: used)
    }

    package func ticket(_: NoInput, _ call: Call) async throws -> Item<StreamTicketView> {
        let caller = try call.requireCaller()
        let token = OpaqueToken.make()
        return try await unit.write(call) { tx in
            try await tickets.insert(token, of: caller, at: clock.now, in: tx)
            return Item(
                StreamTicketView(
                    ticket: token.text, expiresIn: Int(StreamTicketStore.lifetime.components.seconds)))
        }
    }
}

package import API
package import Chassis
import Events
package import Kernel
import Postgres
package import Web

/// Where the caller is logged in, and how that ends: everywhere within a second, since gateways receive the event.
package struct Sessions: Sendable {
    let sessions: SessionStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package init(sessions: SessionStore, unit: UnitOfWork, ledger: Ledger, clock: any WallClock) {
        self.sessions = sessions
        self.unit = unit
        self.ledger = ledger
        self.clock = clock
    }

    package func logOut(_ input: RefreshToken, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        let presented = try await sessions.presented(TokenMint.hash(input.token))
        guard let presented, presented.account == caller.account else {
            throw Problem.field("refresh", "Token is invalid or expired.")
        }
        return try await unit.write(call) { tx in
            // Logged out twice is logged out.
            _ = try await end(presented.session, of: caller, because: .logout, call, tx)
            return Done()
        }
    }

    package func logOutAll(_: NoInput, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let ended = try await sessions.endAll(of: caller.account, because: .logoutAll, at: clock.now, in: tx)
            try await ledger.note(
                "session.all_ended", about: caller.account, telling: Event.ended(ended, of: caller.account),
                from: call.origin, in: tx)
            return Done()
        }
    }

    package func list(_: NoInput, _ call: Call) async throws -> Listing<SessionView> {
        let caller = try call.requireCaller()
        let views = try await sessions.live(of: caller.account, at: clock.now).map { session in
            SessionView(
                id: session.id, device: session.device, address: session.address, createdAt: session.startedAt,
                lastUsedAt: session.lastUsedAt, expiresAt: session.expiresAt, isCurrent: session.id == caller.session)
        }
        return Listing(Page(items: views, total: views.count), asked: PageRequest(size: PageRequest.maximumSize))
    }

    package func endOne(_ input: ByID<Session>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            guard try await end(input.id, of: caller, because: .endedByOwner, call, tx) else { throw Problem.notFound }
            return Done()
        }
    }

    private func end(
        _ session: ID<Session>, of caller: Caller, because reason: SessionStore.EndReason, _ call: Call,
        _ tx: Transaction
    ) async throws -> Bool {
        guard try await sessions.end(session, of: caller.account, because: reason, at: clock.now, in: tx) else {
            return false
        }
        let fact = SessionFact(account: caller.account, session: session)
        try await ledger.record(.sessionEnded(fact), as: "session.\(reason.rawValue)", from: call.origin, in: tx)
        return true
    }
}

extension Event {
    /// The events for ended sessions: none, when there were none; of very many, in parts that
    /// every listener reads.
    static func ended(_ sessions: [ID<Session>], of account: ID<Account>) -> [Event] {
        stride(from: 0, to: sessions.count, by: 1000).map { start in
            let part = sessions[start..<min(start + 1000, sessions.count)]
            return .sessionsEnded(SessionsFact(account: account, sessions: Array(part)))
        }
    }
}

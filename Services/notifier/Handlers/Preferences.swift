package import API
package import Audit
package import Chassis
package import Kernel
import Postgres
package import Web

/// `/api/notifications/preferences`, and the links in mails that end a kind of them.
package struct Preferences: Sendable {
    private let store: PreferenceStore
    private let links: UnsubscribeLinks
    private let unit: UnitOfWork
    private let audit: AuditLog
    private let clock: any WallClock

    package init(
        store: PreferenceStore, links: UnsubscribeLinks, unit: UnitOfWork, audit: AuditLog, clock: any WallClock
    ) {
        self.store = store
        self.links = links
        self.unit = unit
        self.audit = audit
        self.clock = clock
    }

    package func show(_: NoInput, _ call: Call) async throws -> Item<PreferencesView> {
        let kept = try await store.find(of: try call.requireCaller())
        return Item(PreferencesView(kept.preferences), version: kept.version)
    }

    package func replace(_ input: PreferencesBody, _ call: Call) async throws -> Item<PreferencesView> {
        try await change(call) { _ in input }
    }

    package func change(_ input: Patch<PreferencesBody>, _ call: Call) async throws -> Item<PreferencesView> {
        try await change(call) { current throws(Problem) in
            try input.applied(to: PreferencesView(current).json)
        }
    }

    /// Nothing is told of who it was: mail programs send this, and the token is all there is.
    package func unsubscribe(_ input: UnsubscribeQuery, _ call: Call) async throws -> Done {
        guard let link = links.read(input.token, at: clock.now) else {
            throw Problem.field("token", "This link is not valid or has expired.")
        }
        return try await unit.write(call) { tx in
            try await tx.speak(as: .service)
            let kept = try await store.lock(link.account, at: clock.now, in: tx)
            let wanted = kept.preferences.withoutMail(of: link.kind)
            guard wanted != kept.preferences else { return Done() }
            _ = try await keep(wanted, of: link.account, "preferences.unsubscribed", call, in: tx)
            return Done()
        }
    }

    private func change(
        _ call: Call, _ body: (NotificationPreferences) throws(Problem) -> PreferencesBody
    ) async throws -> Item<PreferencesView> {
        let account = try call.requireCaller().account
        return try await unit.write(call) { tx in
            let kept = try await store.lock(account, at: clock.now, in: tx)
            try call.condition.check(kept.version)
            let body = try body(kept.preferences)
            let wanted = try body.preferences(isZoneKnown: try await isKnown(body, beside: kept.preferences, in: tx))
            guard wanted != kept.preferences else {
                return Item(PreferencesView(wanted), version: kept.version)
            }
            let version = try await keep(wanted, of: account, "preferences.changed", call, in: tx)
            return Item(PreferencesView(wanted), version: version)
        }
    }

    /// True also where the zone was refused already, or stays.
    private func isKnown(
        _ body: PreferencesBody, beside kept: NotificationPreferences, in tx: Transaction
    ) async throws -> Bool {
        guard let zone = body.timezone, zone != kept.timezone else { return true }
        return try await store.knows(timezone: zone, in: tx)
    }

    private func keep(
        _ preferences: NotificationPreferences, of account: ID<Account>, _ action: String, _ call: Call,
        in tx: Transaction
    ) async throws -> Int64 {
        let version = try await store.keep(preferences, of: account, at: clock.now, in: tx)
        try await audit.record(action, subject: "account/\(account)", from: call.origin, in: tx)
        return version
    }
}

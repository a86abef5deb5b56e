package import API
package import Audit
package import Chassis
package import Kernel
import Postgres
package import Web

/// `/api/webhooks`: where a hospital or an administrator wants events posted.
package struct Webhooks: Sendable {
    let store: HookStore
    let secrets: HookSecrets
    let check: HookCheck
    let unit: UnitOfWork
    let audit: AuditLog
    let clock: any WallClock

    package init(
        store: HookStore, secrets: HookSecrets, check: HookCheck, unit: UnitOfWork, audit: AuditLog,
        clock: any WallClock
    ) {
        self.store = store
        self.secrets = secrets
        self.check = check
        self.unit = unit
        self.audit = audit
        self.clock = clock
    }

    package func create(_ input: WebhookBody, _ call: Call) async throws -> Created<WebhookSecretView> {
        let caller = try call.requireCaller()
        let wanted = try await check.accept(input, of: caller.account)
        return try await unit.write(call) { tx in
            let now = clock.now
            let id = ID<Hook>.make(at: now)
            let (secret, sealed) = try secrets.make(for: id)
            let hook = HookRow(
                id: id, owner: caller.account, hospital: caller.role == .hospital ? caller.tenant.retyped() : nil,
                url: wanted.url, events: wanted.events, secrets: sealed, isActive: input.isActive, failingSince: nil,
                disabledAt: input.isActive ? nil : now, disabledReason: input.isActive ? nil : "owner", version: 1,
                createdAt: now, updatedAt: now)
            try await store.insert(hook, in: tx)
            try await record("webhook.created", id, call, in: tx)
            let view = hook.view(at: now)
            return Created(
                WebhookSecretView(view, secret: Secret(secret.exposed())), at: "/api/webhooks/\(id)",
                version: hook.version, repeating: WebhookSecretView(view, secret: nil))
        }
    }

    package func list(_ query: ListWebhooks, _ call: Call) async throws -> Listing<WebhookView> {
        let page = try await store.list(query.page, of: try call.requireCaller())
        return Listing(page.map { $0.view(at: clock.now) }, asked: query.page)
    }

    package func show(_ input: ByID<Hook>, _ call: Call) async throws -> Item<WebhookView> {
        guard let hook = try await store.find(input.id, of: try call.requireCaller()) else { throw Problem.notFound }
        return Item(hook.view(at: clock.now), version: hook.version)
    }

    package func change(
        _ input: WithID<Hook, Patch<WebhookBody>>, _ call: Call
    ) async throws -> Item<WebhookView> {
        let caller = try call.requireCaller()
        guard let before = try await store.find(input.id, of: caller) else { throw Problem.notFound }
        let patched = try input.body.applied(to: before.body.json)
        let wanted = try await check.accept(patched, of: caller.account, keeping: before.url)
        return try await unit.write(call) { tx in
            var hook = try await locked(input.id, caller, call, in: tx)
            // What was judged is what is written: another's change in between begins anew.
            guard hook.version == before.version else { throw Problem.preconditionFailed }
            let now = clock.now
            guard hook.change(to: wanted.url, wanted.events, isActive: patched.isActive, at: now) else {
                return Item(hook.view(at: now), version: hook.version)
            }
            try await store.update(hook, isFresh: hook.isActive != before.isActive, in: tx)
            try await record("webhook.changed", hook.id, call, in: tx)
            return Item(hook.view(at: now), version: hook.version)
        }
    }

    package func delete(_ input: ByID<Hook>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            let hook = try await locked(input.id, caller, call, in: tx)
            try await store.delete(hook.id, in: tx)
            try await record("webhook.deleted", hook.id, call, in: tx)
            return Done()
        }
    }

    package func rotate(
        _ input: WithID<Hook, RotateWebhookSecret>, _ call: Call
    ) async throws -> Item<WebhookSecretView> {
        let caller = try call.requireCaller()
        return try await unit.write(call) { tx in
            var hook = try await locked(input.id, caller, call, in: tx)
            let now = clock.now
            if !input.body.force, hook.secrets.isRotating(at: now) { throw Self.rotationRunning }
            let (secret, sealed) = try secrets.rotate(hook.secrets, of: hook.id, at: now)
            hook.secrets = sealed
            hook.version += 1
            hook.updatedAt = now
            try await store.update(hook, isFresh: false, in: tx)
            try await record("webhook.secret_rotated", hook.id, call, in: tx)
            let view = hook.view(at: now)
            return Item(
                WebhookSecretView(view, secret: Secret(secret.exposed())), version: hook.version,
                repeating: WebhookSecretView(view, secret: nil))
        }
    }

    private static let rotationRunning = Problem(
        .rotationRunning,
        "The secret of before still signs, for receivers that do not know the new one yet. Send force to end it now.")

    func locked(_ id: ID<Hook>, _ caller: Caller, _ call: Call, in tx: Transaction) async throws -> HookRow {
        guard let hook = try await store.lock(id, of: caller, in: tx) else { throw Problem.notFound }
        try call.condition.check(hook.version)
        return hook
    }

    func record(_ action: String, _ id: ID<Hook>, _ call: Call, in tx: Transaction) async throws {
        try await audit.record(action, subject: "webhook/\(id)", from: call.origin, in: tx)
    }
}

extension HookRow {
    /// As its owner wrote it: what a merge patch is laid over.
    fileprivate var body: WebhookBody { WebhookBody(url: url, events: events, isActive: isActive) }

    /// False where it is so already.
    fileprivate mutating func change(to url: String, _ events: [String], isActive: Bool, at now: Instant) -> Bool {
        guard url != self.url || events != self.events || isActive != self.isActive else { return false }
        if isActive != self.isActive {
            failingSince = nil
            disabledAt = isActive ? nil : now
            disabledReason = isActive ? nil : "owner"
        }
        self.url = url
        self.events = events
        self.isActive = isActive
        version += 1
        updatedAt = now
        return true
    }
}

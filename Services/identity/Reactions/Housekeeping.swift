import IdentityDomain
import Jobs
import Kernel
import Lifecycle
import Observability

/// What identity does once a minute: it looks after its signing keys and forgets what nobody needs any more. Each duty
/// is a job of its own, so that one that fails keeps none of the others waiting.
package struct Housekeeping: Service {
    /// How long an ended session is kept for questions.
    static let keeps: Duration = .seconds(30 * 86_400)

    package let name = "identity housekeeping"
    let ring: KeyRing
    let sessions: SessionStore
    let attempts: LoginAttemptStore
    let verifications: VerificationStore
    let emailChanges: EmailChangeStore
    let resets: PasswordResetStore
    let requests: MailRequestStore
    let devices: DeviceStore
    let factors: SecondFactorStore
    let phoneCodes: PhoneCodeStore
    let waiting: WaitingAccounts
    /// Which copy of identity does all but look after the keys, of which each copy has its own in memory.
    let leader: JobLeader
    let clock: any WallClock
    let metrics: Metrics

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            for job in jobs { group.addTask { await job.run() } }
        }
    }

    /// Each duty one time; what is left over is for the next.
    package func once() async {
        for job in jobs { await job.once() }
    }

    private var jobs: [PeriodicJob] {
        [
            duty("signing keys") { try await ring.refresh() },
            duty("sessions", leader: leader) { _ = try await sessions.forget(before: clock.now - Housekeeping.keeps) },
            duty("login attempts", leader: leader) {
                _ = try await attempts.forget(before: clock.now - LoginBackoff.forgetsAfter)
            },
            duty("verifications", leader: leader) { try await verifications.forget(before: clock.now) },
            duty("email changes", leader: leader) { try await emailChanges.forget(before: clock.now) },
            duty("password resets", leader: leader) { try await resets.forget(at: clock.now) },
            duty("mail requests", leader: leader) { try await requests.forget(at: clock.now) },
            duty("devices", leader: leader) { try await devices.forget(before: clock.now - Device.memory) },
            duty("second factors", leader: leader) { try await factors.forget(before: clock.now) },
            duty("phone codes", leader: leader) { try await phoneCodes.forget(before: clock.now) },
            duty("waiting accounts", leader: leader) { try await waiting.settle() },
        ]
    }

    private func duty(
        _ name: String, leader: JobLeader? = nil, _ work: @escaping @Sendable () async throws -> Void
    ) -> PeriodicJob {
        PeriodicJob("housekeeping of \(name)", every: .seconds(60), leader: leader, metrics: metrics, work: work)
    }
}

import IdentityDomain
import Jobs
import Kernel
import Lifecycle
import Observability

/// What identity does by the clock: once a minute it looks after its signing keys and forgets what nobody needs any
/// more.
package struct Housekeeping: Service {
    /// How long an ended session is kept for questions.
    static let keeps: Duration = .seconds(30 * 86_400)

    package let name = "identity housekeeping"
    let ring: KeyRing
    let sessions: SessionStore
    let attempts: LoginAttemptStore
    let verifications: VerificationStore
    let resets: PasswordResetStore
    let requests: MailRequestStore
    let devices: DeviceStore
    let factors: SecondFactorStore
    let phoneCodes: PhoneCodeStore
    let waiting: WaitingAccounts
    let clock: any WallClock

    package func run() async throws {
        let shutdown = Shutdown.current
        let wakeSignal = WakeSignal()
        let key = shutdown.onRequest { wakeSignal.signal() }
        defer { shutdown.forget(key) }
        while !shutdown.isRequested {
            do { try await once() } catch {
                log.warning("housekeeping failed, and is tried again", ["fault": String(describing: type(of: error))])
            }
            await wakeSignal.wait(atMost: .seconds(60))
        }
    }

    /// One round; what is left over is for the next.
    package func once() async throws {
        try await ring.refresh()
        _ = try await sessions.forget(before: clock.now - Housekeeping.keeps)
        _ = try await attempts.forget(before: clock.now - LoginBackoff.forgetsAfter)
        try await verifications.forget(before: clock.now)
        try await resets.forget(at: clock.now)
        try await requests.forget(at: clock.now)
        try await devices.forget(before: clock.now - Device.memory)
        try await factors.forget(before: clock.now)
        try await phoneCodes.forget(before: clock.now)
        try await waiting.settle()
    }
}

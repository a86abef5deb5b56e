import Kernel
import RegistryDomain
import Testing

@Suite struct ProviderEntryTests {
    private let now = Instant(seconds: 1_760_000_000)

    private func entry() throws -> ProviderEntry {
        let details = ProviderDetails(
            firstName: "John", lastName: "Doe", email: try #require(Email("john.doe@clinic.com")),
            phone: try #require(PhoneNumber("+1234567890")), specialization: .cardiology, licenseNumber: "MD123456789",
            yearsOfExperience: 10,
            clinic: .init(street: "123 Medical Center Dr", city: "New York", state: "NY", zip: "10001"))
        return ProviderEntry(
            id: ID(high: 1, low: 1), account: ID(high: 2, low: 2), details: details, createdAt: now, updatedAt: now)
    }

    private func caller(_ account: UInt64, _ role: Role) -> Caller {
        Caller(account: ID(high: account, low: account), role: role, session: ID(high: 9, low: 9))
    }

    @Test func `a decision makes one version, and the same one again none`() throws {
        let verified = try #require(try entry().reviewed(.verified, at: now + .seconds(5)))
        #expect(verified.version == 2 && verified.updatedAt == now + .seconds(5))
        #expect(verified.reviewed(.verified, at: now) == nil)
        #expect(verified.reviewed(.rejected(reason: "Expired."), at: now)?.version == 3)
    }

    @Test func `a decision says nothing about the email, nor the email about the decision`() throws {
        let verified = try #require(try entry().reviewed(.verified, at: now))
        #expect(!verified.isEmailVerified)
        var proven = try entry()
        proven.isEmailVerified = true
        #expect(proven.verdict == .pending)
    }

    @Test func `contact data is open to the provider and to administrators`() throws {
        let entry = try entry()
        #expect(entry.isOpen(to: caller(2, .doctor)) && entry.isOpen(to: caller(5, .admin)))
        #expect(!entry.isOpen(to: caller(5, .doctor)) && !entry.isOpen(to: nil))
    }

    @Test func `who was rejected or shut out is found by themselves and administrators only`() throws {
        var gone = [try #require(try entry().reviewed(.rejected(reason: "No."), at: now)), try entry()]
        gone[1].isActive = false
        for entry in gone {
            #expect(!entry.isFound(by: nil) && !entry.isFound(by: caller(5, .staff)))
            #expect(entry.isFound(by: caller(2, .doctor)) && entry.isFound(by: caller(5, .admin)))
        }
        #expect(try entry().isFound(by: nil))
    }

    @Test func `a title is not said twice`() throws { #expect(try entry().details.displayName == "Dr. John Doe") }
}

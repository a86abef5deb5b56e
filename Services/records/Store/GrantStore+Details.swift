package import API
import Chassis
package import Kernel
package import Postgres

/// A grant with the words about it, which are sealed.
package struct GrantDetails: Sendable {
    package let grant: Grant
    package let words: GrantWords
}

/// Why the glass was broken, and what the reviewer said.
package struct GrantWords: Sendable {
    package let sealedReason: [UInt8]?
    package let keyVersion: Int?
    package let verdict: String?
    package let sealedNote: [UInt8]?
    package let noteKeyVersion: Int?
    package let reviewedAt: Instant?
}

/// Lists of grants, their ends and their reviews.
extension GrantStore {
    private static let words = Projection(
        Column<[UInt8]?>("g.sealed_reason"), Column<Int?>("g.key_version"), Column<String?>("g.verdict"),
        Column<[UInt8]?>("g.sealed_note"), Column<Int?>("g.note_key_version"), Column<Instant?>("g.reviewed_at"),
        make: GrantWords.init)

    private static let details = (row + words).map { GrantDetails(grant: $0, words: $1) }

    /// The grants of a patient, the newest first.
    package func list(
        of patient: ID<Patient>, _ page: PageRequest, for caller: Caller
    ) async throws -> Page<GrantDetails> {
        try await database.newest(
            Self.details, from: "access_grant g where g.patient_id = \(patient)", by: "g.grant_id", page,
            as: Scope(caller),
            id: \.grant.id)
    }

    /// Broken glass that the caller may review, the newest first.
    package func brokenGlass(_ query: GrantReviewsQuery, for caller: Caller) async throws -> Page<GrantDetails> {
        let state: SQL =
            switch query.isReviewed {
            case nil: ""
            case true?: " and g.reviewed_at is not null"
            case false?: " and g.reviewed_at is null"
            }
        // Its policy would narrow no index.
        let hospital: ID<Hospital> = caller.tenant.retyped()
        let own: SQL = caller.role == .hospital ? " and g.hospital_id = \(hospital)" : ""
        return try await database.newest(
            Self.details, from: "access_grant g where g.way = 'break_glass'\(sql: own)\(sql: state)", by: "g.grant_id",
            query.page, as: Scope(caller),
            id: \.grant.id)
    }

    package func find(_ id: ID<AccessGrant>, as scope: Scope) async throws -> GrantDetails? {
        try await database.read(Self.details, as: scope) {
            "select \($0) from access_grant g where g.grant_id = \(id)"
        }.first
    }

    /// Ends a grant at once; nil of one that is over already.
    func revoke(_ id: ID<AccessGrant>, of patient: ID<Patient>, in tx: Transaction) async throws -> Grant? {
        try await tx.run(Self.row) {
            """
            update access_grant g set revoked_at = clock_timestamp()
            where g.grant_id = \(id) and g.patient_id = \(patient) and g.revoked_at is null
                and g.expires_at > clock_timestamp()
            returning \($0)
            """
        }.first
    }

    /// Ends all grants of a patient.
    func endAll(of patient: ID<Patient>, in tx: Transaction) async throws {
        try await tx.run(
            """
            update access_grant set revoked_at = clock_timestamp()
            where patient_id = \(patient) and revoked_at is null and expires_at > clock_timestamp()
            """)
    }

    /// What a reviewer says of broken glass, in place of what one said before.
    struct Review: Sendable {
        let verdict: GrantReviewBody.Verdict
        let sealedNote: [UInt8]?
        let keyVersion: Int?
    }

    func review(
        _ id: ID<AccessGrant>, _ review: Review, by caller: Caller, at now: Instant, in tx: Transaction
    ) async throws -> GrantDetails? {
        try await tx.run(Self.details) {
            """
            update access_grant g set verdict = \(review.verdict.rawValue), sealed_note = \(review.sealedNote),
                note_key_version = \(review.keyVersion), reviewed_by = \(caller.account), reviewed_at = \(now)
            where g.grant_id = \(id) and g.way = 'break_glass'
            returning \($0)
            """
        }.first
    }

    /// How often a doctor broke the glass in the last day.
    func breaks(of doctor: ID<Account>, in tx: Transaction) async throws -> Int {
        try await tx.run(Column<Int>("count(*)")) {
            """
            select \($0) from access_grant g where g.doctor_account = \(doctor) and g.way = 'break_glass'
                and g.granted_at > clock_timestamp() - interval '24 hours'
            """
        }.one
    }
}

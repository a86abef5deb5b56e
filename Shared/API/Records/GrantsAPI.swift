package import Forms
package import JSON
package import Kernel

/// Who may read a patient's records for a while, how a doctor breaks the glass, and who read what.
package enum GrantsAPI {
    static let declarations: [Declaration] = [
        list.declaration, revoke.declaration, breakGlass.declaration, reviews.declaration, review.declaration,
        log.declaration, message.declaration,
    ]

    private static let tag = "Access to records"

    package static let list = Endpoint(
        .get, "/api/records/patients/{id}/grants", "listGrants", of: .records, for: .roles([.patient]),
        takes: PageOf<Patient>.self, gives: Listing<GrantView>.self, says: "Grants retrieved successfully.",
        summary: "Who may read the caller's records now, and who could", tag: tag,
        refuses: [.notFound, .serviceUnavailable], of: .registeredPatient)

    package static let revoke = Endpoint(
        .delete, "/api/records/patients/{id}/grants/{grant_id}", "revokeGrant", of: .records, for: .roles([.patient]),
        takes: GrantPath.self, gives: Done.self, says: "Access revoked.",
        summary: "Ends a doctor's access at once", tag: tag, refuses: [.notFound, .serviceUnavailable],
        of: .registeredPatient)

    package static let breakGlass = Endpoint(
        .post, "/api/records/patients/{id}/break-glass", "breakGlass", of: .records, for: .roles([.doctor]),
        takes: WithID<Patient, BreakGlassBody>.self, gives: Created<OpenedAccessView>.self,
        says: "Access granted. The patient and your hospital are told.",
        summary: """
            Opens a patient's records for 30 minutes without the patient, who is told at once. From an account with a \
            second factor its code is asked for.
            """, tag: tag, refuses: [.notFound, .otpRequired, .otpInvalid, .secondFactorRequired, .serviceUnavailable],
        rate: .unlimited, of: .registeredPatient)

    package static let reviews = Endpoint(
        .get, "/api/records/access-grants", "listBrokenGlass", of: .records, for: .roles([.hospital, .admin]),
        takes: GrantReviewsQuery.self, gives: Listing<GrantView>.self, says: "Grants retrieved successfully.",
        summary: "The broken glass of the caller's doctors, the newest first; each is to be reviewed", tag: tag,
        refuses: [.serviceUnavailable])

    package static let review = Endpoint(
        .post, "/api/records/access-grants/{id}/review", "reviewGrant", of: .records, for: .roles([.hospital, .admin]),
        takes: WithID<AccessGrant, GrantReviewBody>.self, gives: Item<GrantView>.self, says: "Review saved.",
        summary: "Says whether breaking the glass was justified", tag: tag, refuses: [.notFound, .serviceUnavailable])

    package static let log = Endpoint(
        .get, "/api/records/patients/{id}/access-log", "listAccessRows", of: .records, for: .roles([.patient, .admin]),
        takes: PageOf<Patient>.self, gives: Listing<AccessRowView>.self,
        says: "Access log retrieved successfully.",
        summary: "Who read or wrote what of a patient's records, and who was refused, the newest first", tag: tag,
        refuses: [.notFound, .serviceUnavailable], of: .registeredPatient)

    package static let message = Endpoint(
        .get, "/internal/access-grants/{id}/message", "grantMessage", of: .records, for: .services([.notifier]),
        takes: ByID<AccessGrant>.self, gives: Item<GrantMessageView>.self, says: "Message retrieved.",
        summary: "What a message about a grant says: doctor and hospital by name", tag: "Internal",
        refuses: [.notFound, .serviceUnavailable], rate: .unlimited)
}

/// A part of a list of one entity's, named by `{id}` in the path.
package struct PageOf<Entity>: Input {
    package let id: ID<Entity>
    package let page: PageRequest

    package static var properties: [Schema.Property] { ByID<Entity>.properties + Form(.page).properties }

    package init(_ source: Source) throws(Problem) {
        id = try ByID<Entity>(source).id
        page = try Form(.page).read(source)
    }
}

/// A grant of a patient, both named in the path.
package struct GrantPath: Input {
    package let patient: ID<Patient>
    package let grant: ID<AccessGrant>

    package static let properties =
        ByID<Patient>.properties
        + [
            Schema.Property(
                "grant_id", in: .path, .string(format: "uuid").example(DemoRecord(AccessGrant.self).example),
                isRequired: true)
        ]

    package init(_ source: Source) throws(Problem) {
        patient = try ByID<Patient>(source).id
        guard case .string(let text)? = source.value("grant_id", in: .path), let id = ID<AccessGrant>(text) else {
            throw .notFound
        }
        grant = id
    }
}

/// Why the glass is broken.
package struct BreakGlassBody: Input {
    package let reason: String
    /// Of the doctor's second factor.
    package let code: Secret?

    private static let form = Form(
        .text("reason", 5...500, multiline: true), .optional(.text("otp", 1...64)))
    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["reason": "Unconscious after an accident, allergies unknown"] }

    package init(_ source: Source) throws(Problem) {
        let (reason, code) = try Self.form.read(source)
        self.reason = reason
        self.code = code.map { Secret($0) }
    }
}

/// Which broken glass.
package struct GrantReviewsQuery: Input {
    package let page: PageRequest
    /// Nil for all.
    package let isReviewed: Bool?

    private static let form = Form(.page, .optional(.boolean("reviewed", in: .query)))
    package static var properties: [Schema.Property] { form.properties }
    package init(_ source: Source) throws(Problem) { (page, isReviewed) = try Self.form.read(source) }
}

/// Whether breaking the glass was justified.
package struct GrantReviewBody: Input {
    /// What a reviewer says.
    package enum Verdict: String, Sendable, CaseIterable {
        case justified
        case notJustified = "not_justified"
    }

    package let verdict: Verdict
    package let note: String?

    private static let form = Form(
        Field<Verdict>.choice("verdict"), .optional(.text("note", 0...500, multiline: true)))
    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["verdict": "justified", "note": "Emergency room, 2 a.m."] }

    package init(_ source: Source) throws(Problem) { (verdict, note) = try Self.form.read(source) }
}

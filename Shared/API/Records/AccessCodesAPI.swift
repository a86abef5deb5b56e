package import Forms
package import JSON
package import Kernel

/// One-time codes by which a patient lets a doctor read their records for half an hour (seed 004). A code is made while
/// its text message is written, at notifier's request: neither an event nor an answer ever holds one.
package enum AccessCodesAPI {
    static let declarations: [Declaration] = [generate.declaration, verify.declaration, mint.declaration]

    private static let tag = "Access to records"

    package static let generate = Endpoint(
        .post, "/api/accounts/otp/generate", "generateAccessCode", of: .records, for: .roles([.doctor]),
        takes: AccessCodeRequest.self, gives: Done.self,
        says: "If a patient has this number, a code is on its way to their phone.",
        summary: "Has a one-time code sent to a patient's phone; the answer is the same for a phone nobody has",
        tag: tag, refuses: [.rateLimited, .serviceUnavailable], rate: .otp)

    package static let verify = Endpoint(
        .post, "/api/accounts/otp/verify", "verifyAccessCode", of: .records, for: .roles([.doctor]),
        takes: AccessCodeProof.self, gives: Item<OpenedAccessView>.self, says: "Access granted.",
        summary: "Opens a patient's records to the caller for 30 minutes by the code from the patient's phone",
        tag: tag, refuses: [.otpInvalid, .patientAmbiguous, .rateLimited, .serviceUnavailable])

    package static let mint = Endpoint(
        .post, "/internal/access-codes/{id}/code", "mintAccessCode", of: .records, for: .services([.notifier]),
        takes: ByID<AccessCode>.self, gives: Item<AccessCodeView>.self, says: "Code made.",
        summary: "A new code for the text message being written, in place of the one before", tag: "Internal",
        refuses: [.notFound, .serviceUnavailable], rate: .unlimited)
}

/// Whom a code is about: a phone, or a patient by id; one of them.
package struct PatientReference: Sendable, Equatable {
    package let phone: PhoneNumber?
    package let patient: ID<Patient>?

    static let form = Form(
        .optional(.phone("phone_number")), .optional(.id("patient_id", of: Patient.self)))

    init?(_ source: Source, _ faults: Faults) {
        guard let (phone, patient) = Self.form.read(source, into: faults) else { return nil }
        self.phone = phone
        self.patient = patient
        if phone == nil, patient == nil { faults.add("phone_number", "Give a phone_number or a patient_id.") }
    }
}

/// Asks for a code.
package struct AccessCodeRequest: Input {
    package let about: PatientReference
    package let purpose: String?

    private static let own = Form(.optional(.text("purpose", 0...200)))

    package static var properties: [Schema.Property] { PatientReference.form.properties + own.properties }
    package static var example: JSONValue? { ["phone_number": "+923009998877", "purpose": "Visit today"] }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let about = PatientReference(source, faults)
        let purpose = Self.own.read(source, into: faults)
        try faults.raise()
        guard let about, let purpose else { throw .internalError }
        self.about = about
        self.purpose = purpose
    }
}

/// A code as typed.
package struct AccessCodeProof: Input {
    package let about: PatientReference
    package let code: Secret

    private static let own = Form(.text("otp", 1...20))

    package static var properties: [Schema.Property] { PatientReference.form.properties + own.properties }
    package static var example: JSONValue? { ["phone_number": "+923009998877", "otp": "123456"] }

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let about = PatientReference(source, faults)
        let code = Self.own.read(source, into: faults)
        try faults.raise()
        guard let about, let code else { throw .internalError }
        self.about = about
        self.code = Secret(code)
    }
}

/// Records that are open to the caller, and until when.
package struct OpenedAccessView: View {
    package let patient: ID<Patient>
    package let grant: ID<AccessGrant>
    package let expiresAt: Instant

    package init(patient: ID<Patient>, grant: ID<AccessGrant>, expiresAt: Instant) {
        self.patient = patient
        self.grant = grant
        self.expiresAt = expiresAt
    }

    package static let shape = Shape<OpenedAccessView>(
        "OpenedAccess", .id("patient_id") { $0.patient }, .id("grant_id") { $0.grant },
        .instant("access_expires_at") { $0.expiresAt })
}

/// The code of a text message.
package struct AccessCodeView: View {
    package let code: String
    /// Minutes the code works.
    package let minutes: Int

    package init(code: String, minutes: Int) {
        self.code = code
        self.minutes = minutes
    }

    package static let shape = Shape<AccessCodeView>(
        "AccessCode", .text("code") { $0.code }, .integer("minutes") { $0.minutes })
}

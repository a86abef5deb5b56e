package import Forms
package import JSON
package import Kernel

/// Who waits for a time that is taken.
package enum WaitlistAPI {
    package static let declarations: [Declaration] = [
        join.declaration, list.declaration, leave.declaration, message.declaration,
    ]

    package static let join = Endpoint(
        .post, "/api/appointments/waitlist", "joinWaitlist", of: .scheduling, for: .roles([.patient]),
        takes: WaitlistBody.self, gives: Created<WaitlistEntryView>.self, says: "Joined the waitlist successfully.",
        summary: "Waits for a time to become free. Who came first is offered it, for 15 minutes.", tag: "Waitlist",
        refuses: [.conflict])

    package static let list = Endpoint(
        .get, "/api/appointments/waitlist", "listWaitlist", of: .scheduling, for: .roles([.patient]),
        takes: WaitlistQuery.self, gives: Listing<WaitlistEntryView>.self, says: "Waitlist retrieved successfully.",
        summary: "The caller's entries, the newest first, each with the offer it has now.", tag: "Waitlist")

    package static let leave = Endpoint(
        .delete, "/api/appointments/waitlist/{id}", "leaveWaitlist", of: .scheduling, for: .roles([.patient]),
        takes: ByID<WaitlistEntry>.self, gives: Done.self, says: "Left the waitlist successfully.",
        summary: "Waits no longer; an offer goes to the next.", tag: "Waitlist")

    package static let message = Endpoint(
        .get, "/internal/waitlist/{id}/message", "waitlistMessage", of: .scheduling, for: .services([.notifier]),
        takes: WaitlistMessageQuery.self, gives: MaybeItem<WaitlistMessageView>.self, says: "Message retrieved.",
        summary: "What a message about an offer says; null when there is nothing to say any more.", tag: "Internal",
        refuses: [.notFound, .serviceUnavailable], rate: .unlimited)
}

/// A day, or a moment: which the client wrote.
package enum DayOrInstant: Sendable, Equatable {
    case day(CalendarDate)
    case instant(Instant)
}

extension Field where Value == DayOrInstant {
    /// A date (the whole day) or a moment with its offset; a blank before the offset stands for the `+` that a query
    /// lost.
    package static func dayOrInstant(_ name: String, in location: Source.Location = .body) -> Field<DayOrInstant> {
        Field(
            name, in: location,
            .string.described("A date (the whole day) or a moment: 2027-03-15, or 2027-03-15T09:00:00Z.")
        ) { value, refuse in
            if case .string(let text) = value {
                let text = CleanText.trimmed(text)
                if let day = CalendarDate(text) { return .day(day) }
                if let moment = Instant(rfc3339: text.replacing(" ", with: "+")) { return .instant(moment) }
            }
            refuse("Enter a date, as 2027-03-15, or a time with its zone, as 2027-03-15T09:00:00Z.")
            return nil
        }
    }
}

/// What somebody waits for.
package struct WaitlistBody: Input {
    package let hospital: ID<Hospital>
    package let department: ID<Department>?
    package let doctor: ID<Doctor>?
    package let from: DayOrInstant
    package let to: DayOrInstant
    package let reason: String?

    private static let form = Form(
        .id("hospital_id", of: Hospital.self), .optional(.id("department_id", of: Department.self)),
        .optional(.id("doctor_id", of: Doctor.self)), .dayOrInstant("from"), .dayOrInstant("to"),
        .unlessBlank(.text("reason", 0...500, multiline: true)))
    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (hospital, department, doctor, from, to, reason) = try Self.form.read(source)
    }

    package static let example: JSONValue? = [
        "hospital_id": DemoRecord(Hospital.self).example, "doctor_id": DemoRecord.hospitalDoctor.example,
        "from": "2027-03-15", "to": "2027-03-19", "reason": "Follow-up",
    ]
}

/// Which part of the caller's waitlist is asked for.
package struct WaitlistQuery: Input {
    package let page: PageRequest
    private static let form = Form(.page)
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { page = try Self.form.read(source) }
}

/// An entry of the waitlist.
package struct WaitlistEntryView: View {
    package let id: ID<WaitlistEntry>
    package let status: WaitlistStatus
    package let hospital: ID<Hospital>
    package let department: ID<Department>?
    package let doctor: ID<Doctor>?
    package let from: Instant
    package let to: Instant
    package let reason: String?
    package let offer: OfferView?
    package let createdAt: Instant

    package init(
        id: ID<WaitlistEntry>, status: WaitlistStatus, hospital: ID<Hospital>, department: ID<Department>?,
        doctor: ID<Doctor>?, from: Instant, to: Instant, reason: String?, offer: OfferView?, createdAt: Instant
    ) {
        self.id = id
        self.status = status
        self.hospital = hospital
        self.department = department
        self.doctor = doctor
        self.from = from
        self.to = to
        self.reason = reason
        self.offer = offer
        self.createdAt = createdAt
    }

    package static let shape = Shape<WaitlistEntryView>(
        "WaitlistEntry", .id("id") { $0.id },
        .choice("status", WaitlistStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .id("hospital_id") { $0.hospital }, .maybeID("department_id") { $0.department },
        .maybeID("doctor_id") { $0.doctor }, .instant("from") { $0.from }, .instant("to") { $0.to },
        .maybe("reason") { $0.reason }, .maybeView("offer") { $0.offer }, .instant("created_at") { $0.createdAt })
}

/// A freed time that is kept for who waits: taken by booking with `hold_id`, declined by deleting the hold.
package struct OfferView: View {
    package let hold: ID<Claim>
    package let slot: SlotID
    package let end: Instant
    package let expiresAt: Instant

    package init(hold: ID<Claim>, slot: SlotID, end: Instant, expiresAt: Instant) {
        self.hold = hold
        self.slot = slot
        self.end = end
        self.expiresAt = expiresAt
    }

    package static let shape = Shape<OfferView>(
        "WaitlistOffer", .id("hold_id") { $0.hold }, .text("slot_id") { $0.slot.description },
        .instant("start") { $0.slot.start }, .instant("end") { $0.end }, .instant("expires_at") { $0.expiresAt })
}

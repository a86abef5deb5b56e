package import Forms
package import JSON
package import Kernel

/// Slots kept for a patient while they make up their mind.
package enum HoldsAPI {
    package static let declarations: [Declaration] = [make.declaration, release.declaration]

    package static let make = Endpoint(
        .post, "/api/appointments/holds", "holdSlot", of: .scheduling, for: .roles([.patient]), takes: HoldBody.self,
        gives: CreatedOnce<HoldView>.self, says: "Slot held successfully.",
        summary: "Keeps a slot for five minutes: it is busy to all others. Holding it again gives the same hold.",
        tag: "Holds", refuses: [.slotTaken, .patientBusy, .conflict])

    package static let release = Endpoint(
        .delete, "/api/appointments/holds/{id}", "releaseHold", of: .scheduling, for: .roles([.patient]),
        takes: ByID<Claim>.self, gives: Done.self, says: "Hold released successfully.",
        summary: "Gives a hold up, or declines an offer of the waitlist.", tag: "Holds")
}

/// The slot that is to be kept.
package struct HoldBody: Input {
    package let slot: SlotID
    private static let form = Form(.slotID("slot_id"))
    package static let properties = form.properties
    package init(_ source: Source) throws(Problem) { slot = try Self.form.read(source) }
    package static let example: JSONValue? = ["slot_id": DemoRecord.freeSlot.example]
}

/// A slot that is kept for the caller.
package struct HoldView: View, Equatable {
    package let id: ID<Claim>
    package let slot: SlotID
    package let end: Instant
    package let expiresAt: Instant

    package init(id: ID<Claim>, slot: SlotID, end: Instant, expiresAt: Instant) {
        self.id = id
        self.slot = slot
        self.end = end
        self.expiresAt = expiresAt
    }

    package static let shape = Shape<HoldView>(
        "Hold", .id("id") { $0.id }, .text("slot_id") { $0.slot.description }, .instant("start") { $0.slot.start },
        .instant("end") { $0.end }, .instant("expires_at") { $0.expiresAt })
}

extension Field where Value == SlotID {
    /// The name of a slot, as the list of slots gives it.
    package static func slotID(_ name: String) -> Field<SlotID> {
        Field(name, .string.example(DemoRecord.freeSlot.example)) { value, refuse in
            if case .string(let text) = value, let id = SlotID(text) { return id }
            refuse("Must be a slot_id as the list of slots gives it.")
            return nil
        }
    }
}

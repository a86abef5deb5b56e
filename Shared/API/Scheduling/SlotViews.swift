package import Forms
package import Kernel

/// The days of which a doctor's free slots are asked, as dates in the doctor's zone.
package struct SlotsQuery: Input {
    package let doctor: ID<Doctor>
    package let from: CalendarDate?
    package let to: CalendarDate?

    private static let form = Form(
        .optional(
            .date("from", in: .query).described("A date in the doctor's zone; without it the day it is there.")),
        .optional(
            .date("to", in: .query).described(
                "Included; at most 62 days in all. Without it seven days after the first.")))

    package static let properties = ByID<Doctor>.properties + form.properties

    package init(_ source: Source) throws(Problem) {
        doctor = try ByID<Doctor>(source).id
        (from, to) = try Self.form.read(source)
    }
}

/// The free slots of some days; none where the doctor has no hours, is not active, or the hospital not approved.
package struct SlotsView: View {
    package let doctor: ID<Doctor>
    package let timezone: String
    package let slotMinutes: Int
    package let slots: [SlotView]

    package init(doctor: ID<Doctor>, timezone: String, slotMinutes: Int, slots: [SlotView]) {
        self.doctor = doctor
        self.timezone = timezone
        self.slotMinutes = slotMinutes
        self.slots = slots
    }

    package static let shape = Shape<SlotsView>(
        "Slots", .id("doctor_id") { $0.doctor }, .text("timezone") { $0.timezone },
        .integer("slot_minutes") { $0.slotMinutes }, .views("slots") { $0.slots })
}

/// One free slot. A patient's own hold does not take it away: it is shown with the hold's id.
package struct SlotView: View, Equatable {
    package let id: SlotID
    package let end: Instant
    /// In the doctor's zone, without an offset: `2027-03-14T09:30`.
    package let localStart: String
    package let hold: ID<Claim>?

    package init(id: SlotID, end: Instant, localStart: String, hold: ID<Claim>?) {
        self.id = id
        self.end = end
        self.localStart = localStart
        self.hold = hold
    }

    package static let shape = Shape<SlotView>(
        "Slot", .text("slot_id") { $0.id.description }, .instant("start") { $0.id.start }, .instant("end") { $0.end },
        .text("local_start") { $0.localStart }, .maybeID("hold_id") { $0.hold })
}

package import Kernel

extension Problem {
    /// Somebody else has the time, or it is none of the doctor's; `next_slots` are free ones (at most five).
    package static func slotTaken(next: [Slot]) -> Problem {
        let slots = next.map { slot in
            ProblemDetails.Value.object([
                "slot_id": .text(slot.id.description), "start": .text(slot.start.rfc3339),
                "end": .text(slot.end.rfc3339), "local_start": .text(slot.localStart),
            ])
        }
        return Problem(.slotTaken, "This time is not available.", details: ["next_slots": .list(slots)])
    }

    /// The patient has other plans then, whatever the doctor's are.
    package static let patientBusy = Problem(.patientBusy, "There is another appointment or hold at this time.")
}

import API
import Events
import Forms
import Identity
import JSON
import Kernel
import Notifier
import NotifierDomain
import Registry
import Testing

@Suite struct EventContractTests {
    static let events = EventSource.all.flatMap(\.events)

    @Test(arguments: EventSource.all.map(\.name))
    func `every event that is declared stands in its service's list`(source: String) throws {
        let file = source.prefix(1).uppercased() + source.dropFirst() + "Events.swift"
        let text = try #require(Reference.kept("\(Reference.top)/Shared/Events/\(file)"))
        let declared = text.matches(of: /static let (\w+) = EventType\(\s*"([a-z_.0-9]+)"/).map { String($0.output.2) }
        let list = try #require(EventSource.all.first { $0.name == source }).events.map(\.name)
        #expect(list.sorted() == declared.sorted())
        #expect(text.split(separator: "EventType(").count - 1 == list.count)
    }

    @Test func `names are unique, in the past tense's form, and carry their service and version`() {
        for source in EventSource.all {
            for event in source.events {
                #expect(event.name.wholeMatch(of: /[a-z]+\.[a-z_]+\.v[1-9][0-9]*/) != nil)
                #expect(event.source == source.name)
                #expect(event.meaning.hasSuffix("."))
            }
        }
        #expect(Set(Self.events.map(\.name)).count == Self.events.count)
    }

    @Test func `what clients call an event is unique and never changes`() {
        let pairs = Self.events.compactMap { event in event.outsideName.map { (event.name, $0) } }
        #expect(Set(pairs.map(\.1)).count == pairs.count)
        let expected = [
            "identity.password_changed.v1": "password.changed", "identity.new_device_seen.v1": "device.new",
            "identity.second_factor_enabled.v1": "second_factor.enabled",
            "identity.second_factor_disabled.v1": "second_factor.disabled",
            "scheduling.schedule_affected.v1": "schedule.affected", "scheduling.queue_changed.v1": "queue.changed",
            "scheduling.slot_freed.v1": "slot.freed",
            "scheduling.waitlist_offered.v1": "waitlist.offered", "scheduling.waitlist_passed.v1": "waitlist.passed",
            "scheduling.reminder_due.v1": "appointment.reminder",
            "scheduling.appointment_requested.v1": "appointment.requested",
            "scheduling.appointment_confirmed.v1": "appointment.confirmed",
            "scheduling.appointment_rejected.v1": "appointment.rejected",
            "scheduling.appointment_cancelled.v1": "appointment.cancelled",
            "scheduling.appointment_rescheduled.v1": "appointment.rescheduled",
            "scheduling.appointment_reassigned.v1": "appointment.reassigned",
            "scheduling.appointment_checked_in.v1": "appointment.checked_in",
            "scheduling.appointment_check_in_undone.v1": "appointment.check_in_undone",
            "scheduling.appointment_completed.v1": "appointment.completed",
            "scheduling.appointment_missed.v1": "appointment.no_show",
            "records.prescription_created.v1": "prescription.created",
            "records.prescription_revised.v1": "prescription.revised",
            "records.access_code_requested.v1": "access.code_requested",
            "records.access_granted.v1": "access.granted", "records.access_revoked.v1": "access.revoked",
            "records.glass_broken.v1": "access.break_glass",
            "registry.hospital_registered.v1": "hospital.registered",
            "registry.hospital_approved.v1": "hospital.approved", "registry.hospital_rejected.v1": "hospital.rejected",
            "registry.hospital_deleted.v1": "hospital.deactivated",
            "registry.hospital_doctor_created.v1": "doctor.created",
            "registry.hospital_doctor_deactivated.v1": "doctor.deactivated",
            "records.report_uploaded.v1": "report.uploaded",
        ]
        #expect(Dictionary(uniqueKeysWithValues: pairs) == expected)
    }

    @Test func `events carry ids and kinds, and nothing else`() {
        let allowed = [
            "account_id", "role", "session_id", "session_ids", "patient_id", "owner_id", "tenant_id", "doctor_id",
            "mapping_id",
            "reviewer_id", "provider_id", "account_version", "hospital_id", "doctor_account_id", "patient_account_id",
            "appointment_id", "appointment_ids", "token_id", "waitlist_entry_id", "number", "status", "kind", "day",
            "hospital_account_id", "department_id", "start", "by_account_id", "former_doctor_id",
            "former_doctor_account_id",
            "hospital_version", "doctor_version", "prescription_id", "prescription_version",
            "access_code_id", "access_grant_id", "access_expires_at", "report_id", "reader_account_ids",
        ]
        for event in Self.events {
            #expect(event.properties.map(\.name) == event.sample.data.object?.map(\.key))
            for property in event.properties { #expect(allowed.contains(property.name)) }
        }
    }

    @Test func `who keeps a copy of what an event tells is handed it, and handles it`() throws {
        let keepers = Set(Self.events.flatMap(\.copiedBy))
        #expect(keepers == Set(EventsAPI.keepers.map(\.rawValue)))
        for (keeper, known) in [("registry", OnIdentityEvent.copied), ("identity", OnRegistryEvent.copied)] {
            let copied = Self.events.filter { $0.copiedBy.contains(keeper) }
            #expect(copied.map(\.name).sorted() == known.sorted())
            // Who may hand one over is who tells it.
            let teller = try #require(ServiceName(rawValue: keeper).map { EventsAPI.teller(for: $0) })
            for event in copied { #expect(event.source == teller.rawValue) }
        }
    }

    @Test func `notifier answers each event once: with messages, or with a reason why nobody is told`() throws {
        #expect(EventAnswer.all.map(\.event.name).sorted() == Self.events.map(\.name).sorted())
        for answer in EventAnswer.all {
            let envelope = EventEnvelope(
                answer.event.sample, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
            if let reason = answer.silence {
                #expect(reason.hasSuffix(".") && reason.count > 10)
            } else {
                // The samples are of those who are told: a plan that tells nobody needs its reason.
                #expect(try !answer.plan(envelope).isEmpty, "\(answer.event.name)")
            }
        }
    }

    @Test func `each event that clients have a name for stands in an inbox, or has a reason why in none`() throws {
        let answers = Dictionary(uniqueKeysWithValues: InboxAnswer.all.map { ($0.event.name, $0) })
        for event in Self.events where event.outsideName != nil {
            let answer = try #require(answers[event.name], "\(event.name)")
            let envelope = EventEnvelope(
                event.sample, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
            let planned = try answer.plan(envelope)
            #expect(planned.isEmpty == (answer.silence != nil), "\(event.name)")
        }
    }

    @Test func `each event that clients have a name for reaches hooks, or has a reason why none`() throws {
        #expect(
            HookAnswer.all.map(\.event.name).sorted()
                == Self.events.filter { $0.outsideName != nil }.map(\.name).sorted())
        for answer in HookAnswer.all {
            let envelope = EventEnvelope(
                answer.event.sample, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
            #expect(try (answer.audience(envelope) == nil) == (answer.silence != nil), "\(answer.event.name)")
            let keys = envelope.outsideData.object?.map(\.key) ?? []
            if answer.silence == nil { #expect(!keys.isEmpty && !keys.contains { $0.contains("account") }) }
        }
    }

    @Test func `each event that clients have a name for is told on streams, or has a reason why on none`() throws {
        let answers = Dictionary(uniqueKeysWithValues: LiveAnswer.all.map { ($0.event.name, $0) })
        #expect(answers.keys.sorted() == Self.events.filter { $0.outsideName != nil }.map(\.name).sorted())
        for answer in answers.values {
            let envelope = EventEnvelope(
                answer.event.sample, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
            #expect(answer.name == answer.event.outsideName)
            #expect(try answer.hearers(envelope).isEmpty == (answer.silence != nil), "\(answer.event.name)")
        }
    }

    @Test func `what goes outside says nothing of accounts`() {
        for event in Self.events where event.outsideName != nil {
            let envelope = EventEnvelope(
                event.sample, id: ID(high: 1, low: 1), at: Instant(seconds: 1_760_000_000), traceparent: nil)
            let outside = OutsideEvent(envelope, type: event.outsideName ?? "")
            for member in outside.data.object ?? [] { #expect(!member.key.contains("account")) }
            #expect(!outside.json.bytes.contains(0x0A))
        }
    }
}

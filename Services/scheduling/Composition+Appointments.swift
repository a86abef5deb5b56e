import API
import Audit
import Chassis
import Events
import Kernel
import Lifecycle
package import Messaging
import Net
import Postgres
import Redis
import Sealing
package import Web

/// Visits, made and joined.
package struct AppointmentHandlers: Sendable {
    package let bookings: Bookings
    package let appointments: Appointments
    package let statuses: AppointmentStatuses
    package let moves: AppointmentMoves
    package let messages: AppointmentMessages
    package let names: DirectoryNames
    /// Events of registry and records, each handled once.
    package let handler: EventHandler

    init(
        _ parts: Composition.Dependencies, _ settings: SchedulingSettings, keys: ServiceKeys,
        patientKeys: DataKeys<Patient>, names: DirectoryNames, times: VisitTimes
    ) {
        let database = parts.database
        let store = AppointmentStore(database: database, keys: patientKeys)
        let schedules = ScheduleStore(database: database)
        let writer = AppointmentWriter(
            store: store, claims: times.claims, reminders: ReminderStore(), offers: times.offers, ledger: parts.ledger)
        let doctors = AssignableDoctors(directory: parts.directory)
        let bookable = BookableDoctors(directory: parts.directory)
        self.names = names
        bookings = Bookings(
            parties: BookingParties(directory: parts.directory, store: store), names: names, times: times,
            schedules: schedules, writer: writer, database: database, unit: parts.unit, clock: parts.clock)
        appointments = Appointments(
            store: store, schedules: schedules, directory: parts.directory, names: names, zones: parts.zones,
            accesses: AccessLog(parts.ledger.audit, database), clock: parts.clock)
        let queue = VisitQueue(
            store: QueueStore(database: database, keys: keys), directory: parts.directory, ledger: parts.ledger)
        let completion = AppointmentCompletion(store: store, writer: writer, queue: queue)
        statuses = AppointmentStatuses(
            store: store, schedules: schedules, names: names, doctors: doctors, bookable: bookable, times: times,
            writer: writer,
            queue: queue, completion: completion, unit: parts.unit, clock: parts.clock)
        moves = AppointmentMoves(
            store: store, schedules: schedules, names: names, doctors: doctors, bookable: bookable, times: times,
            writer: writer,
            queue: queue, unit: parts.unit, clock: parts.clock)
        messages = AppointmentMessages(
            store: store,
            places: MessagePlaces(
                schedules: schedules, directory: parts.directory, zones: TimeZoneStore(database: database),
                clock: parts.clock), clock: parts.clock)
        let onRegistry = OnRegistryEvent(store: store, writer: writer, queue: queue, clock: parts.clock)
        let onRecords = OnRecordsEvent(completion: completion, clock: parts.clock)
        handler = EventHandler(
            consumer: ServiceName.scheduling.rawValue, database: database,
            hears: { OnRegistryEvent.heard.contains($0) || OnRecordsEvent.heard.contains($0) },
            effect: { envelope, tx in
                try await onRegistry.react(envelope, in: tx)
                try await onRecords.react(envelope, in: tx)
            })
    }

    /// One copy handles events. Each forgets names whenever registry tells of a change, and after a pause,
    /// since anything may have been missed.
    func listeners(_ dependencies: ServiceDependencies) -> [any Service] {
        let consumer = dependencies.consumer(of: [.registry, .records], handler)
        guard let redis = RedisSettings(dependencies.settings.redis) else { return [consumer] }
        let channel = dependencies.channels.live(of: EventSource.registry.name)
        let forgetting = RedisSubscriber(redis, channels: [channel], on: dependencies.group.any()) { [names] _ in
            names.forget()
        }
        return [consumer, forgetting]
    }

    /// Booking, lists, states and moves.
    package func serve(in routes: inout Routes) {
        routes.serve(AppointmentsAPI.book, bookings.book)
        routes.serve(AppointmentsAPI.ofPatient, appointments.ofPatient)
        routes.serve(AppointmentsAPI.ofHospital, appointments.ofHospital)
        routes.serve(AppointmentsAPI.ofDoctor, appointments.ofDoctor)
        routes.serve(AppointmentsAPI.show, appointments.show)
        routes.serve(AppointmentsAPI.assign, moves.assign)
        routes.serve(AppointmentsAPI.changeStatus, statuses.change)
        routes.serve(AppointmentsAPI.cancel, statuses.cancel)
        routes.serve(AppointmentsAPI.reschedule, moves.reschedule)
        routes.serve(AppointmentsAPI.complete, statuses.complete)
        routes.serve(AppointmentsAPI.message, messages.show)
        routes.serve(AppointmentsAPI.parties, appointments.parties)
    }
}

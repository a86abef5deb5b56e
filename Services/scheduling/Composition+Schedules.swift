import Chassis
import Jobs
package import Kernel
import Lifecycle
import Postgres
package import Sealing

/// What follows from doctors' hours, made and joined: slots, holds, the waitlist, queues.
package struct ScheduleHandlers: Sendable {
    package let schedules: Schedules
    package let slots: Slots
    package let holds: Holds
    package let waitlist: Waitlist
    package let waitlistMessages: WaitlistMessages
    package let queues: Queues
    package let calendars: Calendars
    package let reads: AppointmentReads
    /// For whoever frees time or books it.
    package let offers: WaitlistOffers
    let times: VisitTimes
    package let expireOffers: ExpireOffers
    package let expireHolds: ExpireHolds
    package let tellReminders: TellReminders
    package let purgeClaims: PurgeClaims

    package init(
        _ parts: Composition.Dependencies, _ settings: SchedulingSettings, keys: ServiceKeys,
        patientKeys: DataKeys<Patient>, names: DirectoryNames
    ) {
        let database = parts.database
        let access = DoctorAccess(directory: parts.directory)
        let scheduleStore = ScheduleStore(database: database)
        let slotStore = SlotStore(database: database)
        let zones = TimeZoneStore(database: database)
        schedules = Schedules(
            access: access, schedules: scheduleStore,
            exceptions: ScheduleExceptionStore(database: database, keys: keys),
            zones: zones, unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        slots = Slots(
            directory: parts.directory, schedules: scheduleStore, slots: slotStore, clock: parts.clock)
        queues = Queues(
            access: access, store: QueueStore(database: database, keys: keys),
            visits: AppointmentStore(database: database, keys: patientKeys), unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
        calendars = Calendars(
            store: CalendarStore(database: database, keys: keys), names: names, accounts: parts.accounts,
            unit: parts.unit,
            ledger: parts.ledger, clock: parts.clock)
        let offerStore = OfferStore()
        offers = WaitlistOffers(store: offerStore, ledger: parts.ledger, clock: parts.clock)
        let claims = ClaimStore()
        let holdStore = HoldStore(duration: settings.hold)
        times = VisitTimes(
            claims: claims, slots: slotStore, holds: holdStore, offers: offers,
            next: NextSlots(slots: slotStore, claims: claims, database: database))
        let bookable = BookableDoctors(directory: parts.directory)
        expireOffers = ExpireOffers(
            bookable: bookable, database: database, store: offerStore, offers: offers, clock: parts.clock)
        expireHolds = ExpireHolds(
            bookable: bookable, database: database, store: LapsedHoldStore(), offers: offers)
        holds = Holds(
            directory: parts.directory, bookable: bookable, database: database, schedules: scheduleStore,
            slots: slotStore, store: holdStore, claims: claims, times: times, offers: offers,
            unit: parts.unit,
            clock: parts.clock)
        waitlist = Waitlist(
            directory: parts.directory, schedules: scheduleStore,
            store: WaitlistStore(database: database, keys: patientKeys), claims: ClaimStore(),
            unit: parts.unit, ledger: parts.ledger, clock: parts.clock)
        waitlistMessages = WaitlistMessages(
            store: offerStore,
            places: MessagePlaces(
                schedules: scheduleStore, directory: parts.directory, zones: zones, clock: parts.clock),
            database: database, clock: parts.clock)
        reads = AppointmentReads(counts: AppointmentCounts(database: database), clock: parts.clock)
        tellReminders = TellReminders(
            database: database, store: ReminderStore(), ledger: parts.ledger, clock: parts.clock)
        purgeClaims = PurgeClaims(store: ClaimPurge(database: database), clock: parts.clock)
    }

    /// What is done by the clock; one copy of the service does it.
    func jobs(_ dependencies: ServiceDependencies) -> [any Service] {
        func leader(_ name: String) -> JobLeader { .advisoryLock(name, of: dependencies.database) }
        return [
            PeriodicJob(
                "expire offers", every: .seconds(5), leader: leader("offers"), metrics: dependencies.metrics,
                draining: expireOffers.run),
            PeriodicJob(
                "expire holds", every: .seconds(5), leader: leader("holds"), metrics: dependencies.metrics,
                draining: expireHolds.run),
            PeriodicJob(
                "tell reminders", every: .seconds(5), leader: leader("reminders"), metrics: dependencies.metrics,
                draining: tellReminders.run),
            PeriodicJob(
                "purge claims", every: .seconds(600), leader: leader("claims"), metrics: dependencies.metrics,
                draining: purgeClaims.run),
        ]
    }
}

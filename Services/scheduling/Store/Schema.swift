package import Postgres
package import Sealing

/// The service's tables, as they came to be.
package enum Schema {
    package static let migrations = [
        Migration(number: 1, name: "start", sql: PackageResources._001_start_sql),
        Migration(number: 2, name: "keys", sql: Array(SealingSchema.sql.utf8)),
        Migration(number: 3, name: "appointments", sql: PackageResources._003_appointments_sql),
        Migration(number: 4, name: "claims", sql: PackageResources._004_claims_sql),
        Migration(number: 5, name: "schedules", sql: PackageResources._005_schedules_sql),
        Migration(number: 6, name: "waitlist", sql: PackageResources._006_waitlist_sql),
        Migration(number: 7, name: "reminders", sql: PackageResources._007_reminders_sql),
        Migration(number: 8, name: "queues", sql: PackageResources._008_queues_sql),
        Migration(number: 9, name: "calendar", sql: PackageResources._009_calendar_sql),
        Migration(number: 10, name: "slots", sql: PackageResources._010_slots_sql),
        Migration(number: 11, name: "claim_places", sql: PackageResources._011_claim_places_sql),
        Migration(number: 12, name: "queue_zone", sql: PackageResources._012_queue_zone_sql),
        Migration(number: 13, name: "dead_claims", sql: PackageResources._013_dead_claims_sql),
        Migration(number: 14, name: "offers_of_nobody", sql: PackageResources._014_offers_of_nobody_sql),
        Migration(number: 15, name: "patients_of_a_hospital", sql: PackageResources._015_patients_of_a_hospital_sql),
        Migration(number: 16, name: "calendar_role", sql: PackageResources._016_calendar_role_sql),
        Migration(number: 17, name: "lapsed_holds", sql: PackageResources._017_lapsed_holds_sql),
    ]

    /// The keys that a master key wraps; a test compares them with the tables.
    package static let wrappedKeys: [WrappedKeys] = [.dataKeys(of: "scheduling.patient"), .serviceKeys()]
}

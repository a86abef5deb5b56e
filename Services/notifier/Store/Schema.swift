package import Postgres
package import Sealing

/// The migrations of the service's own tables, in their order.
package enum Schema {
    package static let migrations = [
        Migration(number: 1, name: "deliveries", sql: PackageResources._001_deliveries_sql),
        Migration(number: 2, name: "channels_and_retries", sql: PackageResources._002_channels_and_retries_sql),
        Migration(number: 3, name: "subjects", sql: PackageResources._003_subjects_sql),
        Migration(number: 4, name: "starts", sql: PackageResources._004_starts_sql),
        Migration(number: 5, name: "inbox", sql: PackageResources._005_inbox_sql),
        Migration(number: 6, name: "preferences", sql: PackageResources._006_preferences_sql),
        Migration(number: 7, name: "live_events", sql: PackageResources._007_live_events_sql),
        Migration(number: 8, name: "live_tickets", sql: PackageResources._008_live_tickets_sql),
        Migration(number: 9, name: "hooks", sql: PackageResources._009_hooks_sql),
        Migration(number: 10, name: "hook_queues", sql: PackageResources._010_hook_queues_sql),
        Migration(number: 11, name: "pages_of_an_account", sql: PackageResources._011_pages_of_an_account_sql),
    ]

    /// The keys that a master key wraps; a test compares them with the tables.
    package static let wrappedKeys = [
        WrappedKeys("wrapped_key", of: "hook", boundTo: "'notifier.hook/' || hook_id")
    ]
}

package import Postgres
package import Sealing

/// The migrations of identity, in order; a test compares the list with the folder.
package enum Schema {
    package static let migrations = [
        Migration(number: 1, name: "accounts", sql: PackageResources._001_accounts_sql),
        Migration(number: 2, name: "sessions", sql: PackageResources._002_sessions_sql),
        Migration(number: 3, name: "keys", sql: PackageResources._003_keys_sql),
        Migration(number: 4, name: "login_attempts", sql: PackageResources._004_login_attempts_sql),
        Migration(number: 5, name: "registrations", sql: PackageResources._005_registrations_sql),
        Migration(number: 6, name: "phones", sql: PackageResources._006_phones_sql),
        Migration(number: 7, name: "password_resets", sql: PackageResources._007_password_resets_sql),
        Migration(number: 8, name: "second_factor", sql: PackageResources._008_second_factor_sql),
        Migration(
            number: 9, name: "mail_request_addresses", sql: PackageResources._009_mail_request_addresses_sql),
        Migration(number: 10, name: "email_changes", sql: PackageResources._010_email_changes_sql),
        Migration(number: 11, name: "hospitals", sql: PackageResources._011_hospitals_sql),
        Migration(number: 12, name: "generated_passwords", sql: PackageResources._012_generated_passwords_sql),
    ]

    /// The keys that a master key wraps; a test compares them with the tables.
    package static let wrappedKeys = [
        WrappedKeys("wrapped_key", of: "account", boundTo: "'account/' || account_id"),
        WrappedKeys("sealed_address", of: "mail_wish", boundTo: "'mail requests'", form: .box),
        WrappedKeys(
            "wrapped_key", of: "signing_key", boundTo: "'signing_key/' || key_id",
            masterKey: "SIGNING_KEY_ENCRYPTION_KEY"),
        .serviceKeys(column: "wrapped_key"),
    ]
}

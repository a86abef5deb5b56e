package import Postgres
package import Sealing

/// The migrations of the service's own tables, in their order.
package enum Schema {
    package static let migrations = [
        Migration(number: 1, name: "start", sql: PackageResources._001_start_sql),
        Migration(number: 2, name: "keys", sql: Array(SealingSchema.sql.utf8)),
        Migration(number: 3, name: "advice", sql: PackageResources._003_advice_sql),
        Migration(number: 4, name: "patient_keys", sql: PackageResources._004_patient_keys_sql),
        Migration(number: 5, name: "access", sql: PackageResources._005_access_sql),
        Migration(number: 6, name: "prescriptions", sql: PackageResources._006_prescriptions_sql),
        Migration(number: 7, name: "reports", sql: PackageResources._007_reports_sql),
        Migration(number: 8, name: "erased_patients", sql: PackageResources._008_erased_patients_sql),
        Migration(
            number: 9, name: "access_rows_of_changes", sql: PackageResources._009_access_rows_of_changes_sql),
        Migration(number: 10, name: "attachments", sql: PackageResources._010_attachments_sql),
        Migration(number: 11, name: "pages_of_an_owner", sql: PackageResources._011_pages_of_an_owner_sql),
    ]

    /// The keys that a master key wraps; a test compares them with the tables.
    package static let wrappedKeys = [
        WrappedKeys(
            "wrapped", of: "patient_key", boundTo: "'records.patient/' || patient_id", version: "kek_version"),
        .dataKeys(of: "records.account"),
        .serviceKeys(),
    ]
}

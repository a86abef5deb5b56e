package import Postgres
package import Sealing

/// The migrations of the service's own tables, in their order.
package enum Schema {
    package static let migrations = [
        Migration(number: 1, name: "patients", sql: PackageResources._001_patients_sql),
        Migration(number: 2, name: "doctors", sql: PackageResources._002_doctors_sql),
        Migration(number: 3, name: "mappings", sql: PackageResources._003_mappings_sql),
        Migration(number: 4, name: "providers", sql: PackageResources._004_providers_sql),
        Migration(
            number: 5, name: "patient_registrations", sql: PackageResources._005_patient_registrations_sql),
        Migration(number: 6, name: "tenants", sql: PackageResources._006_tenants_sql),
        Migration(number: 7, name: "search_folding", sql: PackageResources._007_search_folding_sql),
        Migration(number: 8, name: "account_versions", sql: PackageResources._008_account_versions_sql),
        Migration(number: 9, name: "patient_tally", sql: PackageResources._009_patient_tally_sql),
        Migration(number: 10, name: "patient_search", sql: PackageResources._010_patient_search_sql),
        Migration(number: 11, name: "hospitals", sql: PackageResources._011_hospitals_sql),
        Migration(number: 12, name: "patient_consent", sql: PackageResources._012_patient_consent_sql),
        Migration(number: 13, name: "patient_phone_tokens", sql: PackageResources._013_patient_phone_tokens_sql),
        Migration(number: 14, name: "listed_doctors", sql: PackageResources._014_listed_doctors_sql),
        Migration(number: 15, name: "search_indexes", sql: PackageResources._015_search_indexes_sql),
        Migration(number: 16, name: "patients_at_once", sql: PackageResources._016_patients_at_once_sql),
        Migration(number: 17, name: "tallies", sql: PackageResources._017_tallies_sql),
        Migration(number: 18, name: "keys_wrapped_anew", sql: PackageResources._018_keys_wrapped_anew_sql),
        Migration(number: 19, name: "names_to_sort_by", sql: PackageResources._019_names_to_sort_by_sql),
        Migration(number: 20, name: "tally_by_its_owner", sql: PackageResources._020_tally_by_its_owner_sql),
        Migration(number: 21, name: "pages_of_a_tenant", sql: PackageResources._021_pages_of_a_tenant_sql),
        Migration(number: 22, name: "changes_of_doctors", sql: PackageResources._022_changes_of_doctors_sql),
        Migration(
            number: 23, name: "tokens_put_in_batches", sql: PackageResources._023_tokens_put_in_batches_sql),
        Migration(number: 24, name: "search_texts", sql: PackageResources._024_search_texts_sql),
    ]

    /// The keys that a master key wraps; a test compares them with the tables.
    package static let wrappedKeys = [
        .dataKeys(of: "registry.account"),
        WrappedKeys("wrapped_key", of: "provider", boundTo: "'registry.provider/' || provider_id"),
        .serviceKeys(),
    ]
}

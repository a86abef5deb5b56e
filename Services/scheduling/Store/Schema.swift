import Postgres

/// The service's tables, as they came to be.
enum Schema {
    static let migrations = [Migration(number: 1, name: "start", sql: PackageResources._001_start_sql)]
}

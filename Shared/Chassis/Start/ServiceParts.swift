// Chassis: what every service stands on. It reads the common settings, brings the schema up to date, opens the database
// and Redis, serves the declared endpoints beside health and metrics, and stops in order. What a service does with all
// that stands in its own Composition.

package import API
package import Kernel
package import Net
package import Observability
package import Postgres
package import Settings

/// What a service's composition is given; everything in it lives as long as the process.
package struct ServiceParts: Sendable {
    package let name: ServiceName
    package let environment: Environment
    package let clock: any WallClock
    package let group: EventLoopGroup
    package let metrics: Metrics
    package let database: Database
    package let unit: UnitOfWork
    package let audit: AuditLog
}

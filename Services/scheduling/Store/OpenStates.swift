package import Kernel
package import Postgres

extension AppointmentStatus {
    /// `open` as a list of constants: with a bound array the planner does not use `appointment_open_of_department`,
    /// which holds these states alone.
    package static let openList: SQL = .constants(open)
}

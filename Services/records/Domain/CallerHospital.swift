package import Kernel

extension Caller {
    /// The hospital the caller belongs to; who belongs to none is a tenant by themselves.
    package var hospital: ID<Hospital>? {
        (role == .doctor || role == .hospital) && tenant != account.ownTenant ? tenant.retyped() : nil
    }
}

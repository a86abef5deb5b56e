package import API
package import Audit
import Kernel
package import Web

extension AuditTrail {
    /// For identity, on behalf of an administrator and nobody else.
    package func show(_ query: ListAudit, _ call: Call) async throws -> Bare<AuditPageView> {
        guard call.caller?.role == .admin else { throw Problem.notFound }
        return Bare(AuditPageView(try await page(query)))
    }
}

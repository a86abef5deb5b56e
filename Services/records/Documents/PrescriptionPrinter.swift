import Kernel
package import Net
package import RecordsDomain

/// Prescriptions as PDF files. Drawing blocks its thread for milliseconds, so a bounded pool does it.
package struct PrescriptionPrinter: Sendable {
    private let pool: BlockingPool

    package init(_ pool: BlockingPool) { self.pool = pool }

    /// - Throws: `service_unavailable` when more are waiting than the pool has room for.
    package func pdf(of document: PrescriptionDocument) async throws -> [UInt8] {
        do {
            return try await pool.run { try PrescriptionPages.pdf(of: document) }
        } catch is PoolIsFull {
            throw Problem.unavailable()
        }
    }
}

import Chassis
import Web

/// A service that requests are passed on to: its instances, and what signs requests to it.
package final class UpstreamService: Sendable {
    let instances: ServiceInstances
    let pairSigner: PrincipalSigner.PairSigner

    init(instances: ServiceInstances, pairSigner: PrincipalSigner.PairSigner) {
        self.instances = instances
        self.pairSigner = pairSigner
    }
}

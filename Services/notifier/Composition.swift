import API
import Chassis
import Events
package import Kernel
import Lifecycle
import Messaging
import NotifierDomain
package import Observability
package import Postgres
import Settings
package import Web

/// Where notifier's parts are made and joined.
package struct Composition: Sendable {
    package let deliveries: DeliveryStore
    package let reaction: OnEvent
    package let sending: DeliverDue
    package let keptMails: KeptMails
    /// Brings events; nil where a test brings them itself.
    var hearing: Consumer?

    /// What notifier stands on; in a test without a process around it.
    package struct Foundation: Sendable {
        let database: Database
        let clock: any WallClock
        let metrics: Metrics
        let contacts: any ContactSource
        /// Kept mails are shown.
        let isDevelopment: Bool

        package init(
            database: Database, clock: any WallClock, metrics: Metrics, contacts: any ContactSource, isDevelopment: Bool
        ) {
            (self.database, self.clock, self.metrics) = (database, clock, metrics)
            (self.contacts, self.isDevelopment) = (contacts, isDevelopment)
        }
    }

    package init(_ parts: Foundation, _ settings: NotifierSettings) throws {
        deliveries = DeliveryStore(database: parts.database)
        reaction = OnEvent(
            deliveries: deliveries, clock: parts.clock, domain: settings.from.address.domain)
        let mailer: any Mailer
        switch settings.way {
        case .server(let server):
            mailer = SMTPMailer(server)
            keptMails = KeptMails(nil)
        case .folder(let path):
            let folder = MailFolder(path: path)
            mailer = FolderMailer(folder)
            keptMails = KeptMails(parts.isDevelopment ? folder : nil)
        }
        let desk = WritingDesk(
            contacts: parts.contacts, letters: try .standard(site: settings.site), from: settings.from)
        sending = DeliverDue(
            deliveries: deliveries, desk: desk, mailer: mailer, clock: parts.clock, metrics: parts.metrics)
    }

    package var routes: Routes {
        var routes = Routes()
        routes.serve(DevelopmentAPI.mails, keptMails.list)
        routes.serve(DevelopmentAPI.mail, keptMails.show)
        return routes
    }
}

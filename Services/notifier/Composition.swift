import API
package import Audit
package import Chassis
package import Crypto
package import Kernel
import Lifecycle
package import Net
import NotifierDomain
package import Observability
package import Postgres
import Settings
package import Web

/// Where notifier's parts are made and joined.
package struct Composition: Sendable {
    package let deliveries: DeliveryStore
    package let inbox: Inbox
    package let inboxes: InboxStore
    package let preferences: Preferences
    package let live: LiveStore
    package let tickets: StreamTicketStore
    package let streams: OpenStreams
    package let liveEvents: LiveEvents
    package let reaction: OnEvent
    package let sending: [DeliverDue]
    package let measures: MeasureQueues
    package let storedMails: StoredMails
    package let admin: Deliveries
    package let queues: Queues
    let hooks: HookComposition

    /// What notifier stands on; in a test without a process around it.
    package struct Dependencies: Sendable {
        let database: Database
        let group: EventLoopGroup
        let clock: any WallClock
        let metrics: Metrics
        let contacts: any ContactSource
        let contents: ContentSources
        let unit: UnitOfWork
        let audit: AuditLog
        /// Signs the links that end a kind of mail.
        let secret: Secret
        let streams: any StreamSource
        /// Seals the secrets of hooks.
        let sealer: Sealer
        /// Looks up the names of hooks' hosts.
        let names: any HookNames
        /// Kept mails are shown.
        let isDevelopment: Bool

        package init(
            database: Database, group: EventLoopGroup, clock: any WallClock, metrics: Metrics,
            contacts: any ContactSource, contents: ContentSources, unit: UnitOfWork, audit: AuditLog, secret: Secret,
            streams: any StreamSource, sealer: Sealer, names: any HookNames, isDevelopment: Bool
        ) {
            self.database = database
            self.group = group
            self.clock = clock
            self.metrics = metrics
            self.contacts = contacts
            self.contents = contents
            self.unit = unit
            self.audit = audit
            self.secret = secret
            self.streams = streams
            self.sealer = sealer
            self.names = names
            self.isDevelopment = isDevelopment
        }
    }

    package init(_ parts: Dependencies, _ settings: NotifierSettings) throws {
        deliveries = DeliveryStore(database: parts.database)
        inboxes = InboxStore(database: parts.database)
        let chosen = PreferenceStore(database: parts.database)
        live = LiveStore(database: parts.database)
        tickets = StreamTicketStore(database: parts.database)
        streams = OpenStreams(live: live, tickets: tickets, group: parts.group, metrics: parts.metrics)
        liveEvents = LiveEvents(live: live, tickets: tickets, streams: streams, unit: parts.unit, clock: parts.clock)
        inbox = Inbox(store: inboxes, unit: parts.unit, clock: parts.clock)
        reaction = OnEvent(
            deliveries: deliveries, inbox: inboxes, preferences: chosen, live: live,
            hooks: PostEvents(store: HookEventStore(), clock: parts.clock),
            audience: KeepAudience(audience: AudienceStore()), ends: EndStreams(tickets: tickets), clock: parts.clock,
            domain: settings.from.address.domain)
        let links = try UnsubscribeLinks(secret: parts.secret, site: settings.site)
        preferences = Preferences(
            store: chosen, links: links, unit: parts.unit, audit: parts.audit, clock: parts.clock)
        let transports: Transports
        (transports, storedMails) = Self.transports(settings, isDevelopment: parts.isDevelopment)
        let composer = MessageComposer(
            contacts: parts.contacts, contents: parts.contents, templates: try .embedded(site: settings.site),
            unsubscribing: links, from: settings.from)
        sending = MessageChannel.allCases.map { [deliveries] channel in
            DeliverDue(
                channel, deliveries: deliveries, preferences: chosen, composer: composer, transports: transports,
                clock: parts.clock, metrics: parts.metrics)
        }
        let store = QueueStore(database: parts.database)
        measures = MeasureQueues(queues: store, clock: parts.clock, metrics: parts.metrics)
        admin = Deliveries(deliveries: deliveries, unit: parts.unit, audit: parts.audit, clock: parts.clock)
        hooks = HookComposition(parts, settings)
        queues = Queues(queues: store, streams: parts.streams, clock: parts.clock)
    }

    /// Who brings messages away, and what is kept instead.
    private static func transports(_ settings: NotifierSettings, isDevelopment: Bool) -> (Transports, StoredMails) {
        let mailer: any Mailer
        let texter: any Texter
        var (mails, texts): (MailFolder?, MailFolder?) = (nil, nil)
        switch settings.way {
        case .server(let server): mailer = SMTPMailer(server)
        case .folder(let path):
            let folder = MailFolder(path: path)
            mailer = FolderMailer(folder)
            mails = folder
        }
        switch settings.texts {
        case .provider(let provider): texter = HTTPTexter(provider)
        case .folder(let path):
            let folder = MailFolder(path: path, ending: ".txt")
            texter = FolderTexter(folder)
            texts = folder
        }
        let kept = isDevelopment ? StoredMails(mails, texts: texts) : StoredMails(nil)
        return (Transports(mail: mailer, texts: texter), kept)
    }

    package var routes: Routes {
        var routes = Routes()
        routes.serve(DevelopmentAPI.mails, storedMails.list)
        routes.serve(DevelopmentAPI.mail, storedMails.show)
        routes.serve(DeliveriesAPI.list, admin.list)
        routes.serve(DeliveriesAPI.retry, admin.retry)
        routes.serve(DeliveriesAPI.queues, queues.show)
        routes.serve(NotificationsAPI.list, inbox.list)
        routes.serve(NotificationsAPI.unreadCount, inbox.unreadCount)
        routes.serve(NotificationsAPI.read, inbox.read)
        routes.serve(NotificationsAPI.readAll, inbox.readAll)
        routes.serve(NotificationsAPI.preferences, preferences.show)
        routes.serve(NotificationsAPI.preferencesOfCaller, preferences.show)
        routes.serve(NotificationsAPI.replacePreferences, preferences.replace)
        routes.serve(NotificationsAPI.changePreferences, preferences.change)
        routes.serve(NotificationsAPI.unsubscribe, preferences.unsubscribe)
        routes.serve(LiveEventsAPI.stream, liveEvents.stream)
        routes.serve(LiveEventsAPI.ticket, liveEvents.ticket)
        hooks.serve(in: &routes)
        return routes
    }
}

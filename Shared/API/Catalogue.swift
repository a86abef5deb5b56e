/// Every endpoint of the system. An undeclared path does not exist; a declared one without a handler stops its owner's
/// start.
package enum Catalogue {
    package static let all: [Declaration] =
        AccountsAPI.declarations + RegistryAPI.declarations + DeliveriesAPI.declarations + DevelopmentAPI.declarations
        + RecommendationsAPI.declarations + AccessCodesAPI.declarations + GrantsAPI.declarations
        + HealthAPI.declarations + ReportsAPI.declarations + SummaryAPI.declarations
        + OperationAPI.declarations + AuditAPI.declarations + EventsAPI.declarations + NotificationsAPI.declarations
        + LiveEventsAPI.declarations + WebhooksAPI.declarations
        + SchedulesAPI.declarations + HoldsAPI.declarations + WaitlistAPI.declarations + QueuesAPI.declarations
        + CalendarsAPI.declarations
        + SchedulingReadsAPI.declarations
        + AppointmentsAPI.declarations + PrescriptionsAPI.declarations

    package static func owned(by service: ServiceName) -> [Declaration] { all.filter { $0.owner == service } }
}

package import Forms
package import Kernel

/// Which visits of a list are asked for: a state, a span of their starts, a page.
package struct AppointmentsQuery: Input {
    package let status: AppointmentStatus?
    package let from: DayOrInstant?
    package let to: DayOrInstant?
    package let page: PageRequest

    package init(
        status: AppointmentStatus? = nil, from: DayOrInstant? = nil, to: DayOrInstant? = nil,
        page: PageRequest = PageRequest()
    ) {
        self.status = status
        self.from = from
        self.to = to
        self.page = page
    }

    private static let form = Form(
        .unlessBlank(.choice("status", AppointmentStatus.spellings, in: .query)),
        .unlessBlank(.dayOrInstant("from", in: .query)), .unlessBlank(.dayOrInstant("to", in: .query)), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (status, from, to, page) = try Self.form.read(source) }
}

package import Forms
package import Kernel

/// A patient as a hospital sees them whom they visit: who they are and how to reach them, nothing of their health.
package struct HospitalPatientView: View {
    package let id: ID<Patient>
    package let firstName: String
    package let lastName: String
    package let fullName: String
    package let email: String?
    package let phone: String?
    package let dateOfBirth: CalendarDate?
    package let gender: Gender?

    package init(
        id: ID<Patient>, firstName: String, lastName: String, fullName: String, email: String?, phone: String?,
        dateOfBirth: CalendarDate?, gender: Gender?
    ) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
        self.fullName = fullName
        self.email = email
        self.phone = phone
        self.dateOfBirth = dateOfBirth
        self.gender = gender
    }

    package static let shape = Shape<HospitalPatientView>(
        "HospitalPatient", .id("id") { $0.id }, .id("patient_id") { $0.id }, .text("first_name") { $0.firstName },
        .text("last_name") { $0.lastName }, .text("full_name") { $0.fullName }, .maybe("email") { $0.email },
        .maybe("phone") { $0.phone }, .maybeDate("date_of_birth") { $0.dateOfBirth },
        .maybe("gender", .string(oneOf: Gender.allCases.map(\.rawValue))) { $0.gender?.rawValue })
}

/// Which of a hospital's patients are asked for: `search` in names and email, a page.
package struct HospitalPatientsQuery: Input {
    package let search: String?
    package let page: PageRequest

    private static let form = Form(.unlessBlank(.text("search", 0...200, in: .query)), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (search, page) = try Self.form.read(source) }
}

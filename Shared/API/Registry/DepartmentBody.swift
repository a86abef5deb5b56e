package import Forms
package import JSON
package import Kernel

/// A part of a hospital as it is written; its name is the hospital's only once, whatever its case.
package struct DepartmentBody: Input, Equatable {
    package let name: String
    package let description: String?

    package init(name: String, description: String?) {
        self.name = name
        self.description = description
    }

    private static let form = Form(
        .text("name", 1...100), .unlessBlank(.text("description", 0...1000, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["name": "Dermatology", "description": "Skin, hair and nails"] }

    package init(_ source: Source) throws(Problem) { (name, description) = try Self.form.read(source) }

    /// The same under the keys it is read from: what a merge patch is laid over.
    package var json: JSONValue { ["name": .string(name), "description": .text(description)] }
}

/// Whose departments are asked for; a hospital that names none means its own.
package struct DepartmentsQuery: Input {
    package let hospital: ID<Hospital>?
    package let page: PageRequest

    private static let form = Form(
        .unlessBlank(
            Field<ID<Hospital>>.id("hospital_id", of: Hospital.self, in: .query)
                .example(DemoRecord(Hospital.self).example)), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (hospital, page) = try Self.form.read(source) }
}

/// A part of a hospital.
package struct DepartmentView: View {
    package let id: ID<Department>
    package let hospital: ID<Hospital>
    package let name: String
    package let description: String?
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Department>, hospital: ID<Hospital>, name: String, description: String?, createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.hospital = hospital
        self.name = name
        self.description = description
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<DepartmentView>(
        "Department", .id("id") { $0.id }, .id("department_id") { $0.id }, .id("hospital_id") { $0.hospital },
        .text("name") { $0.name }, .maybe("description") { $0.description }, .instant("created_at") { $0.createdAt },
        .instant("updated_at") { $0.updatedAt })
}

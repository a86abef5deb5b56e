package import Forms
package import JSON
package import Kernel

/// What a hospital says of itself and may change; username, password and licence stay as they were registered.
package struct HospitalBody: Input, Equatable {
    package let name: String
    package let email: Email
    package let phone: PhoneNumber
    package let address: HospitalAddress
    package let prescribingPolicy: PrescribingPolicy

    package init(
        name: String, email: Email, phone: PhoneNumber, address: HospitalAddress, prescribingPolicy: PrescribingPolicy
    ) {
        self.name = name
        self.email = email
        self.phone = phone
        self.address = address
        self.prescribingPolicy = prescribingPolicy
    }

    private static let form = Form(
        .hospitalName("name"), .email("email"), .phone("phone_number"), .hospitalAddress,
        .choice("prescribing_policy") as Field<PrescribingPolicy>)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        (name, email, phone, address, prescribingPolicy) = try Self.form.read(source)
    }

    /// The zone that a patch names, if it looks like one: it is judged even when other fields are wrong.
    package static func timezone(in changes: JSONValue) -> String? {
        Field<String>.timezone("timezone").read(Source(body: changes), Faults())
    }

    /// The same under the keys it is read from: what a merge patch is laid over.
    package var json: JSONValue {
        [
            "name": .string(name), "email": .string(email.text), "phone_number": .string(phone.text),
            "address": .string(address.address), "city": .string(address.city), "state": .string(address.state),
            "country": .string(address.country), "latitude": .double(address.latitude),
            "longitude": .double(address.longitude), "timezone": .string(address.timezone),
            "prescribing_policy": .string(prescribingPolicy.rawValue),
        ]
    }

    package static let example: JSONValue? = [
        "name": "City Hospital", "email": "office@city-hospital.example", "phone_number": "+12125550100",
        "address": "500 Main Street", "city": "New York", "state": "NY", "country": "USA",
        "latitude": .double(40.7128), "longitude": .double(-74.006), "timezone": "America/New_York",
        "prescribing_policy": "warn",
    ]
}

/// Why an administrator does not accept a hospital; mailed to it word for word.
package struct HospitalRejection: Input {
    package let reason: String

    private static let form = Form(.text("reason", 1...500, multiline: true))

    package static var properties: [Schema.Property] { form.properties }
    package static var example: JSONValue? { ["reason": "The license number is not known to the state board."] }

    package init(_ source: Source) throws(Problem) { reason = try Self.form.read(source) }
}

/// Which hospitals are asked for: `search` in names and cities, `city`, `status`, a page.
package struct HospitalsQuery: Input {
    package let search: String?
    package let city: String?
    package let status: HospitalStatus?
    package let page: PageRequest

    private static let form = Form(
        .unlessBlank(.text("search", 0...200, in: .query)), .unlessBlank(.text("city", 0...100, in: .query)),
        .unlessBlank(.choice("status", in: .query) as Field<HospitalStatus>), .page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { (search, city, status, page) = try Self.form.read(source) }
}

/// Around which place hospitals are asked for.
package struct NearbyQuery: Input {
    package let latitude: Double
    package let longitude: Double
    package let radiusKilometres: Double
    package let limit: Int

    private static let form = Form(
        .latitude("lat", in: .query).example(.double(31.52)), .longitude("lng", in: .query).example(.double(74.34)),
        .number("radius_km", 0...500, in: .query).checked { @Sendable in $0 > 0 ? nil : "Must be more than 0." }.or(25),
        .integer("limit", 1...100, in: .query).or(20))

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) {
        (latitude, longitude, radiusKilometres, limit) = try Self.form.read(source)
    }
}

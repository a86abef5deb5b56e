import Forms
import JSON
import Kernel

/// Where a hospital is, and in which zone its days begin.
package struct HospitalAddress: Sendable, Equatable {
    package let address: String
    package let city: String
    package let state: String
    package let country: String
    /// Degrees north and east.
    package let latitude: Double
    package let longitude: Double
    /// An IANA name.
    package let timezone: String

    package init(
        address: String, city: String, state: String, country: String, latitude: Double, longitude: Double,
        timezone: String
    ) {
        self.address = address
        self.city = city
        self.state = state
        self.country = country
        self.latitude = latitude
        self.longitude = longitude
        self.timezone = timezone
    }
}

extension Field where Value == HospitalAddress {
    /// The address's fields, beside a hospital's others.
    static var hospitalAddress: Field<HospitalAddress> {
        let form = Form(
            .text("address", 1...300), .text("city", 1...100), .text("state", 1...100), .text("country", 1...100),
            .latitude("latitude"), .longitude("longitude"), .timezone("timezone").or("UTC"))
        return Field(properties: form.properties) { source, faults in
            form.read(source, into: faults).map {
                HospitalAddress(
                    address: $0.0, city: $0.1, state: $0.2, country: $0.3, latitude: $0.4, longitude: $0.5,
                    timezone: $0.6)
            }
        }
    }
}

extension Field where Value == Double {
    static func latitude(_ name: String, in location: Source.Location = .body) -> Field<Double> {
        .number(name, -90...90, in: location)
    }
    static func longitude(_ name: String, in location: Source.Location = .body) -> Field<Double> {
        .number(name, -180...180, in: location)
    }
}

extension Field where Value == String {
    static func hospitalName(_ name: String) -> Field<String> { .text(name, 2...200) }

    static func hospitalLicense(_ name: String) -> Field<String> {
        .text(
            name, 1...50, matching: DoctorBody.isLicense,
            hint: "A license number consists of letters, digits and hyphens.")
    }

    /// Looks like `Asia/Kathmandu`; whether there is such a zone, the database knows.
    static func timezone(_ name: String) -> Field<String> {
        .text(
            name, 1...64,
            matching: { text in
                text.utf8.allSatisfy { byte in
                    switch byte {
                    case 48...57, 65...90, 97...122: true
                    default: "/_+-".utf8.contains(byte)
                    }
                }
            }, hint: Timezone.hint)
    }
}

/// What is said of a zone that PostgreSQL does not know.
package enum Timezone {
    package static let hint = "Enter the name of a time zone, as Europe/Berlin."
}

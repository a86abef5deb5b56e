import Forms
import JSON
import Kernel

/// An address in parts, as seeds 000 and 003 write it.
package struct PostalAddress: View, Equatable {
    package let street: String
    package let city: String
    package let state: String
    package let zip: String

    package init(street: String, city: String, state: String, zip: String) {
        self.street = street
        self.city = city
        self.state = state
        self.zip = zip
    }

    package static let shape = Shape<PostalAddress>(
        "PostalAddress", .text("street") { $0.street }, .text("city") { $0.city }, .text("state") { $0.state },
        .text("zip") { $0.zip })

    fileprivate static let form = form(zip: { .text($0, 1...20) })
    /// The same with a postal code that looks like one (seed 003).
    fileprivate static let strictForm = form(
        zip: { .text($0, 1...20, matching: { PostalCode($0) != nil }, hint: "Enter a valid postal code.") })

    private static func form(zip: (String) -> Field<String>) -> Form<String, String, String, String> {
        Form(.text("street", 1...200), .text("city", 1...100), .text("state", 1...50), zipField(zip))
    }

    /// `zip` as the documents' examples say, or `zip_code` as their model does.
    private static func zipField(_ field: (String) -> Field<String>) -> Field<String> {
        let (zip, zipCode) = (field("zip"), field("zip_code"))
        let properties = (zip.properties + zipCode.properties).map {
            Schema.Property($0.name, $0.schema.described("Either of zip and zip_code."), isRequired: false)
        }
        return Field(properties: properties) { source, faults in
            let isOther = zip.presence(source) != .present && zipCode.presence(source) == .present
            return (isOther ? zipCode : zip).read(source, faults)
        }
    }
}

extension Field where Value == PostalAddress {
    static func postalAddress(_ name: String, withPostalCode isStrict: Bool = false) -> Field<PostalAddress> {
        let form = isStrict ? PostalAddress.strictForm : PostalAddress.form
        return .object(name, form.properties) { source, faults in
            form.read(source, into: faults).map {
                PostalAddress(street: $0.0, city: $0.1, state: $0.2, zip: $0.3)
            }
        }
    }
}

import JSON
package import Kernel

/// How many characters (Unicode scalars) a text may have is counted after cleaning, since that is what is stored.
extension Field where Value == String {
    /// A text as the contract stores it: trimmed, composed, without tags or control characters.
    package static func text(
        _ name: String, _ length: ClosedRange<Int>, multiline: Bool = false, in location: Source.Location = .body
    ) -> Field<String> {
        Field(name, in: location, .string(length: length)) { value, refuse in
            guard let clean = cleaned(value, multiline: multiline, refuse) else { return nil }
            return fits(clean, length, refuse) ? clean : nil
        }
    }

    /// A value kept byte for byte (a password, a token): its length in characters is looked at, and that no NUL would
    /// end it early where it is passed to a C library.
    package static func verbatim(_ name: String, _ length: ClosedRange<Int>) -> Field<String> {
        Field(name, .string(length: length)) { value, refuse in
            guard case .string(let text) = value else { return refusingType("string", refuse) }
            guard !text.utf8.contains(0) else {
                refuse("Control characters are not allowed.")
                return nil
            }
            return fits(text, length, refuse) ? text : nil
        }
    }

    /// A text that `pattern` accepts; `hint` says in words what it must look like.
    package static func text(
        _ name: String, _ length: ClosedRange<Int>, matching isValid: @escaping @Sendable (String) -> Bool, hint: String
    ) -> Field<String> {
        Field.text(name, length).checked { isValid($0) ? nil : hint }
    }

    /// E.164, or a local form as `/api/patients` and `/api/doctors` take it.
    package static func localPhone(_ name: String) -> Field<String> {
        Field(name, .string(length: 3...30)) { value, refuse in
            guard let clean = cleaned(value, multiline: false, refuse) else { return nil }
            if let number = PhoneNumber.localOrInternational(clean) { return number }
            refuse("Enter a valid phone number.")
            return nil
        }
    }

    /// A money amount as a decimal string (`"250.00"`), never a float: up to `digits` before and two after the point.
    /// A JSON number is accepted by its own digits. Kept with two decimals.
    package static func decimal(_ name: String, digits: Int = 8) -> Field<String> {
        Field(name, .string.adding("pattern", .string("^\\d{1,\(digits)}(\\.\\d{1,2})?$"))) { value, refuse in
            guard let written = value.writtenNumber else { return refusingType("decimal string", refuse) }
            if let amount = twoDecimals(written, digits: digits) { return amount }
            refuse("Enter an amount with at most \(digits) digits before and 2 after the decimal point.")
            return nil
        }
    }
}

extension Field where Value == Email {
    package static func email(_ name: String) -> Field<Email> {
        Field(name, .string(format: "email").adding("maxLength", .integer(254))) { value, refuse in
            guard let clean = cleaned(value, multiline: false, refuse) else { return nil }
            if let email = Email(clean) { return email }
            refuse("Enter a valid email address.")
            return nil
        }
    }
}

extension Field where Value == PhoneNumber {
    package static func phone(_ name: String) -> Field<PhoneNumber> {
        Field(name, .string.adding("pattern", .string("^\\+?[1-9]\\d{6,14}$"))) { value, refuse in
            guard let clean = cleaned(value, multiline: false, refuse) else { return nil }
            if let number = PhoneNumber(clean) { return number }
            refuse("Enter a valid phone number in international format, for example +1234567890.")
            return nil
        }
    }
}

private func cleaned(_ value: JSONValue, multiline: Bool, _ refuse: FieldRefusal) -> String? {
    guard case .string(let text) = value else {
        refuse("Must be a string.")
        return nil
    }
    do { return try CleanText.clean(text, multiline: multiline) } catch {
        refuse("Control characters are not allowed.")
        return nil
    }
}

private func fits(_ text: String, _ length: ClosedRange<Int>, _ refuse: FieldRefusal) -> Bool {
    let count = text.unicodeScalars.count
    if count == 0, length.lowerBound > 0 {
        refuse("This field may not be blank.")
    } else if count < length.lowerBound {
        refuse("Ensure this field has at least \(length.lowerBound) characters.")
    } else if count > length.upperBound {
        refuse("Ensure this field has no more than \(length.upperBound) characters.")
    } else {
        return true
    }
    return false
}

func refusingType<Result>(_ type: String, _ refuse: FieldRefusal) -> Result? {
    refuse("Must be a \(type).")
    return nil
}

extension JSONValue {
    /// The digits as they were written, of a number or of a string.
    fileprivate var writtenNumber: String? {
        switch self {
        case .string(let text): CleanText.trimmed(text)
        case .integer(let value): String(value)
        case .number(let number): number.text
        default: nil
        }
    }
}

private func twoDecimals(_ text: String, digits: Int) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = parts.first, (1...digits).contains(whole.utf8.count),
        parts.allSatisfy({ $0.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } })
    else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : "00"
    guard (1...2).contains(fraction.utf8.count) else { return nil }
    let trimmed = whole.drop { $0 == "0" }
    return "\(trimmed.isEmpty ? "0" : String(trimmed)).\(fraction)\(fraction.utf8.count == 1 ? "0" : "")"
}

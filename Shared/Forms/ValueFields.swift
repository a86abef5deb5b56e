import JSON
package import Kernel

extension Field where Value == Int {
    package static func integer(
        _ name: String, _ range: ClosedRange<Int>, in location: Source.Location = .body
    ) -> Field<Int> {
        Field(name, in: location, .integer(range)) { value, refuse in
            let number: Int?
            switch value {
            case .integer(let whole): number = Int(exactly: whole)
            case .string(let text): number = Int(CleanText.trimmed(text))
            default: number = nil
            }
            guard let number else {
                refuse("A valid integer is required.")
                return nil
            }
            if number < range.lowerBound {
                refuse("Ensure this value is greater than or equal to \(range.lowerBound).")
            } else if number > range.upperBound {
                refuse("Ensure this value is less than or equal to \(range.upperBound).")
            } else {
                return number
            }
            return nil
        }
    }
}

extension Field where Value == Double {
    /// A number with or without a fraction; in a query as it is written in JSON.
    package static func number(
        _ name: String, _ range: ClosedRange<Double>, in location: Source.Location = .body
    ) -> Field<Double> {
        Field(name, in: location, .number(range)) { value, refuse in
            let number: Double?
            switch value {
            case .integer, .number: number = value.double
            case .string(let text): number = JSONNumber(CleanText.trimmed(text))?.double
            default: number = nil
            }
            guard let number else {
                refuse("A valid number is required.")
                return nil
            }
            guard range.contains(number) else {
                refuse("Must be between \(range.lowerBound) and \(range.upperBound).")
                return nil
            }
            return number
        }
    }
}

extension Field where Value == Bool {
    /// true or false; in a query also as words, in any case.
    package static func boolean(_ name: String, in location: Source.Location = .body) -> Field<Bool> {
        Field(name, in: location, .boolean) { value, refuse in
            switch value {
            case .bool(let answer): return answer
            case .string(let text):
                switch text.lowercased() {
                case "true", "1": return true
                case "false", "0": return false
                default: break
                }
            default: break
            }
            refuse("Must be true or false.")
            return nil
        }
    }
}

extension Field where Value == CalendarDate {
    package static func date(_ name: String, in location: Source.Location = .body) -> Field<CalendarDate> {
        Field(name, in: location, .string(format: "date")) { value, refuse in
            if case .string(let text) = value, let date = CalendarDate(CleanText.trimmed(text)) { return date }
            refuse("Enter a date that exists, as YYYY-MM-DD.")
            return nil
        }
    }
}

extension Field where Value == CalendarDate {
    /// A day somebody living can be born on: from 1900 to the day it is, wherever the birth was.
    package static func birthDate(_ name: String) -> Field<CalendarDate> {
        let date = Field<CalendarDate>.date(name)
        return Field(properties: date.properties, presence: date.presence) { source, faults in
            guard let day = date.read(source, faults) else { return nil }
            if day > source.latestToday {
                faults.add(name, "Date of birth cannot be in the future.")
            } else if day.year < 1900 {
                faults.add(name, "Date of birth cannot be before 1900.")
            } else {
                return day
            }
            return nil
        }
    }
}

extension Field where Value == Instant {
    package static func instant(_ name: String, in location: Source.Location = .body) -> Field<Instant> {
        Field(name, in: location, .string(format: "date-time")) { value, refuse in
            if case .string(let text) = value, let instant = Instant(rfc3339: CleanText.trimmed(text)) {
                return instant
            }
            refuse("Enter a time with its zone, as 2024-01-15T10:30:00Z.")
            return nil
        }
    }
}

extension Field {
    /// The id of an entity. In a path, what is no id names nothing: the reader turns that fault into `not_found`.
    package static func id<Entity>(
        _ name: String, of _: Entity.Type, in location: Source.Location = .body
    ) -> Field<ID<Entity>> where Value == ID<Entity> {
        Field(name, in: location, .string(format: "uuid")) { value, refuse in
            if case .string(let text) = value, let id = ID<Entity>(text) { return id }
            refuse("Must be a valid id.")
            return nil
        }
    }

    /// One of a closed set, by its raw value; `aliases` are other accepted spellings, `ignoringCase` as people type.
    package static func choice(
        _ name: String, _ aliases: [String: Value] = [:], in location: Source.Location = .body
    ) -> Field<Value> where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        let choices = Value.allCases.map(\.rawValue)
        return Field(name, in: location, .string(oneOf: choices)) { value, refuse in
            guard case .string(let text) = value else { return refusingType("string", refuse) }
            let given = CleanText.trimmed(text)
            if let choice = Value(rawValue: given) ?? aliases[given.lowercased()] { return choice }
            refuse("Must be one of: \(choices.joined(separator: ", ")).")
            return nil
        }
    }

    /// An object under a name, read by a form of its own; its faults have the name as a prefix (`clinic_address.zip`).
    package static func object(
        _ name: String, _ properties: [Schema.Property],
        read: @escaping @Sendable (Source, Faults) -> Value?
    ) -> Field<Value> {
        Field(name, .object(properties)) { value, refuse in
            guard case .object = value else { return refusingType("JSON object", refuse) }
            return refuse.faults.within(name) { read(Source(body: value), refuse.faults) }
        }
    }

    /// A list of texts.
    package static func texts(
        _ name: String, _ length: ClosedRange<Int>, atMost: Int
    ) -> Field<[String]> where Value == [String] {
        let element = Field<String>.text("item", length, multiline: true)
        let schema = Schema.array(of: .string(length: length)).adding("maxItems", .integer(Int64(atMost)))
        return Field(name, schema) { value, refuse in
            guard case .array(let items) = value, items.count <= atMost else {
                refuse("Must be a list of at most \(atMost) texts.")
                return nil
            }
            let nested = Faults()
            let texts = items.compactMap {
                element.read(Source(body: .object([JSONMember(key: "item", value: $0)])), nested)
            }
            guard nested.isEmpty, texts.count == items.count else {
                refuse("Each item must be a text of \(length.lowerBound) to \(length.upperBound) characters.")
                return nil
            }
            return texts
        }
    }
}

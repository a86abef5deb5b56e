package import Forms
import JSON
package import Kernel

extension Field where Value == [TimeWindow] {
    /// A day's hours: `[{"start": "09:00", "end": "12:00"}, …]`, which do not overlap.
    package static func timeWindows(_ name: String) -> Field<[TimeWindow]> {
        Field(name, .timeWindows) { value, refuse in
            guard let items = value.array, items.count <= 24 else {
                refuse("Must be a list of at most 24 windows.")
                return nil
            }
            let windows = items.compactMap(TimeWindow.init(json:))
            guard windows.count == items.count else {
                refuse(
                    "Each window needs start and end as HH:MM, the start before the end; 24:00 is the end of the day.")
                return nil
            }
            guard windows.areApart else {
                refuse("Windows of one day must not overlap.")
                return nil
            }
            return windows.sorted()
        }
    }
}

extension Field where Value == WeeklyHours {
    /// The usual week: days in lower case, each with its windows; a day that is not named has none.
    package static func weeklyHours(_ name: String) -> Field<WeeklyHours> {
        let days = Weekday.allCases.map { day in (day, Field<[TimeWindow]>.timeWindows(day.name).or([])) }
        return .object(name, days.flatMap(\.1.properties)) { source, faults in
            let known = Set(Weekday.allCases.map(\.name))
            for member in source.body?.object ?? [] where !known.contains(member.key) {
                faults.add(member.key, "Must be one of: \(Weekday.allCases.map(\.name).joined(separator: ", ")).")
            }
            var hours: [Weekday: [TimeWindow]] = [:]
            for (day, field) in days { hours[day] = field.read(source, faults) }
            return WeeklyHours(hours)
        }
    }
}

extension TimeWindow {
    fileprivate init?(json: JSONValue) {
        guard let start = json["start"]?.string.flatMap({ TimeWindow.minutes($0) }),
            let end = json["end"]?.string.flatMap({ TimeWindow.minutes($0) })
        else { return nil }
        self.init(start: start, end: end)
    }
}

extension [TimeWindow] {
    func write(to json: inout JSONWriter) {
        json.array { json in
            for window in self {
                json.object {
                    $0.field("start", window.startText)
                    $0.field("end", window.endText)
                }
            }
        }
    }
}

extension Schema {
    static let timeWindows: Schema = {
        let time = Schema.string.adding("pattern", .string("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))
        return .array(
            of: .object([Property("start", time, isRequired: true), Property("end", time, isRequired: true)]))
    }()
}

import Kernel
import Scheduling
import SchedulingDomain
import Testing

@Suite struct CalendarTextTests {
    private func entry(
        _ status: CalendarEntry.Status = .confirmed, sequence: Int = 0,
        summary: String = "Appointment with Dr. Emily Chen",
        location: String = "General Hospital"
    ) -> CalendarEntry {
        CalendarEntry(
            appointment: ID(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0001), sequence: sequence,
            changedAt: Instant(seconds: 1_799_020_800), start: Instant(seconds: 1_799_053_200),
            end: Instant(seconds: 1_799_055_000), status: status, summary: summary, location: location)
    }

    @Test func `a visit is one event with its id, sequence and times in UTC`() throws {
        let text = try CalendarText.of(entry(sequence: 2))
        #expect(
            text
                == [
                    "BEGIN:VCALENDAR", "PRODID:-//Praxis//Appointments//EN", "VERSION:2.0", "METHOD:PUBLISH",
                    "BEGIN:VEVENT", "UID:0190a5e4-0000-7000-8000-000000000001@praxis", "SEQUENCE:2",
                    "DTSTAMP:20270104T000000Z", "DTSTART:20270104T090000Z", "DTEND:20270104T093000Z",
                    "STATUS:CONFIRMED",
                    "SUMMARY:Appointment with Dr. Emily Chen", "LOCATION:General Hospital", "END:VEVENT",
                    "END:VCALENDAR", "",
                ].joined(separator: "\r\n"))
    }

    @Test func `what is cancelled is taken out of calendars, what is asked for is tentative`() throws {
        let cancelled = try CalendarText.of(entry(.cancelled))
        #expect(cancelled.contains("METHOD:CANCEL\r\n") && cancelled.contains("STATUS:CANCELLED\r\n"))
        #expect(try CalendarText.of(entry(.tentative)).contains("STATUS:TENTATIVE\r\n"))
    }

    @Test func `signs that mean something are escaped, and no name begins a property of its own`() throws {
        let text = try CalendarText.of(entry(summary: "a,b;c\\d", location: "X\nATTENDEE:mailto:x"))
        #expect(text.contains("SUMMARY:a\\,b\\;c\\\\d\r\n"))
        #expect(text.contains("LOCATION:X\\nATTENDEE:mailto:x\r\n"))
    }

    @Test(arguments: ["مستشفى جناح للأمراض الباطنية والجراحة العامة والعناية المركزة في مدينة كراتشي الكبرى", "👩‍⚕️é漢"])
    func `a line has at most 75 octets, and no character is cut`(name: String) throws {
        let long = String(repeating: name + " ", count: 6)
        let text = try CalendarText.of(entry(summary: long, location: long))
        let lines = text.utf8.split(separator: 10)
        for line in lines {
            #expect(line.count <= 76 && line.last == 13)
            #expect(String(validating: line.dropLast(), as: UTF8.self) != nil)
        }
        let unfolded = lines.reduce(into: [UInt8]()) { whole, line in
            whole += line.first == 32 ? Array(line.dropFirst().dropLast()) : [10] + line.dropLast()
        }
        #expect(String(decoding: unfolded, as: UTF8.self).utf8.firstRange(of: "\nSUMMARY:\(long)".utf8) != nil)
    }

    @Test func `a feed has all of its visits`() throws {
        let text = try CalendarText.feed([entry(), entry(.tentative)])
        #expect(text.split(separator: "\r\n").filter { $0 == "BEGIN:VEVENT" }.count == 2)
        #expect(text.contains("METHOD:PUBLISH"))
        #expect(try CalendarText.feed([]).contains("END:VCALENDAR"))
    }
}

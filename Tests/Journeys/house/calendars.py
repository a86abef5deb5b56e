"""Calendar files, read as a calendar program reads them."""

from icalendar import Calendar

UNSAID = (b"Oncology", b"oncology", b"Canary")


def read(content: bytes) -> Calendar:
    """The file, once it is seen to be well-formed and to name no illness."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n")) and b"\n" not in content.replace(b"\r\n", b"")
    assert not any(word in content for word in UNSAID)
    return Calendar.from_ical(content)


class CalendarProgram:
    """What comes with the UID of an event replaces it; METHOD:CANCEL takes it out."""

    def __init__(self):
        self.events = {}
        self.sequences = []

    def take(self, calendar: Calendar) -> None:
        (event,) = calendar.walk("VEVENT")
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        assert not self.sequences or sequence > self.sequences[-1]
        self.sequences.append(sequence)
        if calendar["METHOD"] == "CANCEL":
            assert event["STATUS"] == "CANCELLED"
            self.events.pop(uid, None)
        else:
            assert calendar["METHOD"] == "PUBLISH"
            self.events[uid] = event

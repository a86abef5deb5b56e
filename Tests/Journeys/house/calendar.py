"""Days ahead, and doctors' hours on them."""

import datetime

from .people import Person

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def at(days: int, hour: int = 10, minute: int = 0) -> str:
    """A time so many days ahead, in UTC."""
    day = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days)
    return f"{day}T{hour:02}:{minute:02}:00Z"


def every_day(start: str, end: str, **more) -> dict:
    """A schedule of half-hours with the same hours on each day, in UTC."""
    hours = {day: [{"start": start, "end": end}] for day in DAYS}
    return {"timezone": "UTC", "slot_minutes": 30, "weekly_hours": hours} | more


def slots_of(person: Person, doctor: str, first: int, last: int | None = None) -> list[dict]:
    """The free slots that this person is shown between two days ahead, both included."""
    days = {"from": at(first)[:10], "to": at(last or first)[:10]}
    answer = person.expect(200, "GET", f"/api/doctors/{doctor}/slots", params=days)
    return answer.json()["data"]["slots"]

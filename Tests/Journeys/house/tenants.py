"""A hospital with people of every role beside it, and what of each kind is whose."""

from .calendar import at, every_day, slots_of
from .hospitals import approved_hospital, by_username, department, make_doctor, register_hospital
from .people import Client, Person, register
from .prescriptions import agreed_visit, in_days, prescribe
from .registrants import enrol, log_in
from .waiting import until

BOOK = "/api/appointments"


class Tenant:
    def __init__(self, url: str, admin: Person):
        self.url, self.admin = url, admin
        self.made_once: dict[str, dict] = {}
        self.hospital = approved_hospital(url, admin)
        self.department = department(self.hospital)
        self.employed = make_doctor(self.hospital, self.department)
        with Client(url) as anyone:
            self.registered = {kind: enrol(anyone, kind) for kind in ("patient", "provider")}
            # What an administrator may change and delete, and nobody misses afterwards.
            self.spare = {kind: enrol(anyone, kind) for kind in ("patient", "provider")}
            self.spare["hospital"] = register_hospital(anyone)
        for entry in (self.registered["provider"], self.spare["provider"]):
            path = f"/api/admin/providers/{entry['provider_id']}/verification"
            admin.expect(200, "PATCH", path, json={"status": "verified"})
        self.staff = register(url)
        # A provider is a doctor without a hospital.
        self.people = {role: self.log_in(role) for role in ("patient", "provider", "doctor")}
        self.people |= {"hospital": self.hospital, "staff": self.staff, "admin": admin}
        self.hours = every_day("09:00", "17:00")
        self.hospital.expect(200, "PUT", f"/api/doctors/{self.doctor}/schedule", json=self.hours)

    @property
    def doctor(self) -> str:
        return self.employed["doctor_id"]

    def log_in(self, role: str) -> Person:
        if role in self.registered:
            return log_in(self.url, role, self.registered[role]["email"])
        if role == "doctor":
            return by_username(self.url, self.employed["username"], self.employed["password"])
        return by_username(self.url, self.people[role].user["username"])

    def own(self, method: str, path: str) -> dict[str, str | dict]:
        """The last id of a path, or all of them by name, by the role of whose they are."""
        kind = kind_of(method, path)
        if kind and kind not in self.made_once:
            self.made_once[kind] = KINDS[kind](self)
        return self.made_once.get(kind, {})

    # Ids by the role of whose they are.

    def sessions(self) -> dict[str, str]:
        """One more session of each."""
        found = {}
        for role in self.people.keys() - {"admin"}:
            with self.log_in(role) as person:
                sessions = person.expect(200, "GET", "/api/auth/sessions").json()["data"]
                found[role] = next(one["id"] for one in sessions if one["is_current"])
        return found

    def kept(self, make) -> dict[str, str]:
        """What each who keeps records has made. A hospital's doctors see what the hospital keeps."""
        keepers = ("staff", "hospital", "doctor", "provider", "admin")
        return {role: make(self.people[role])["id"] for role in keepers}

    def patients(self) -> dict[str, str]:
        return self.kept(lambda person: person.patient())

    def doctors(self) -> dict[str, str]:
        return self.kept(lambda person: person.doctor())

    def mappings(self) -> dict[str, str]:
        return self.kept(lambda person: person.mapping(person.patient(), person.doctor()))

    def exceptions(self) -> dict[str, dict]:
        path, found = f"/api/doctors/{self.doctor}/schedule/exceptions", {}
        for role, days in (("hospital", 20), ("doctor", 21)):
            body = {"kind": "closed", "date": at(days)[:10]}
            made = self.people[role].expect(201, "POST", path, json=body).json()["data"]
            found[role] = {"id": self.doctor, "exception_id": made["id"]}
        return found

    def holds(self) -> dict[str, str]:
        return {"patient": self.post("patient", f"{BOOK}/holds", {"slot_id": self.slot(3)})}

    def waitlist(self) -> dict[str, str]:
        body = {"hospital_id": self.hospital.entry["hospital_id"], "from": at(3)[:10], "to": at(4)[:10]}
        return {"patient": self.post("patient", f"{BOOK}/waitlist", body)}

    def appointments(self) -> dict[str, str]:
        body = {"hospital_id": self.hospital.entry["hospital_id"], "slot_id": self.slot(5), "reason": "check"}
        visit = self.post("patient", BOOK, body)
        return {role: visit for role in ("patient", "doctor", "hospital", "admin")}

    def queue_tokens(self) -> dict[str, str]:
        self.own("GET", "/api/appointments/{id}")  # who was never there gets no number
        body = {"patient_id": self.registered["patient"]["patient_id"]}
        token = self.post("hospital", f"/api/queues/{self.doctor}/tokens", body)
        return {role: token for role in ("patient", "doctor", "hospital")}

    def prescriptions(self) -> dict[str, str]:
        patient, doctor = self.people["patient"], self.people["doctor"]
        doctor.entry = self.employed
        written = prescribe(doctor, agreed_visit(patient, self.hospital, doctor, in_days(7, 10)))["data"]["id"]
        return {role: written for role in ("patient", "doctor", "hospital", "admin")}

    def reports(self) -> dict[str, str]:
        patient = self.people["patient"]
        path = f"/api/records/patients/{self.registered['patient']['patient_id']}/reports/upload"
        form = {"data": {"title": "Blood count", "report_type": "lab"}, "files": {"file": ("a.pdf", b"%PDF-1.7")}}
        return {role: patient.expect(201, "POST", path, **form).json()["data"]["id"] for role in ("patient", "admin")}

    def attachments(self) -> dict[str, dict]:
        written = self.own("GET", "/api/records/prescriptions/{id}")["doctor"]
        path = f"/api/records/prescriptions/{written}/attachments"
        form = {"data": {"title": "Letter"}, "files": {"file": ("a.pdf", b"%PDF-1.7")}}
        made = self.people["doctor"].expect(201, "POST", path, **form).json()["data"]["id"]
        return {role: {"id": written, "attachment_id": made} for role in ("patient", "doctor", "hospital", "admin")}

    def notifications(self) -> dict[str, str]:
        def approval():
            return self.hospital.expect(200, "GET", "/api/notifications").json()["data"]

        return {"hospital": until(approval, what="the approval in the hospital's inbox")[0]["id"]}

    def webhooks(self) -> dict[str, str]:
        body = {"url": "https://receiver.invalid/events"}
        return {role: self.post(role, "/api/webhooks", body) for role in ("hospital", "admin")}

    def post(self, role: str, path: str, body: dict) -> str:
        return self.people[role].expect(201, "POST", path, json=body).json()["data"]["id"]

    def slot(self, days: int) -> str:
        return slots_of(self.people["patient"], self.doctor, days)[0]["slot_id"]


def of(*roles: str):
    """The same id for all of these."""
    return lambda find: lambda tenant: {role: find(tenant) for role in roles}


# By the path that names it, with the method where that matters: the longest that a path begins with says whose its
# last id is.
KINDS = {
    "/api/auth/sessions/{id}": Tenant.sessions,
    "/api/admin/users/{id}": of("admin")(lambda one: register(one.url).user["id"]),
    "/api/admin/providers/{id}": of("admin")(lambda one: one.spare["provider"]["provider_id"]),
    "/api/admin/patients/{id}": of("admin")(lambda one: one.spare["patient"]["patient_id"]),
    "/api/admin/deliveries/{id}": of()(None),
    "/dev/mail/{name}": of()(None),
    "/api/patients/{id}": Tenant.patients,
    "/api/mappings/{id}": Tenant.patients,
    "DELETE /api/mappings/{id}": Tenant.mappings,
    "/api/mappings/detail/{id}": Tenant.mappings,
    "/api/v1/provider/{id}": of("provider", "admin")(lambda one: one.registered["provider"]["provider_id"]),
    "/api/v1/patient/profile/{id}": of("patient", "admin")(lambda one: one.registered["patient"]["patient_id"]),
    "/api/hospitals/{id}": lambda one: {
        "hospital": one.hospital.entry["hospital_id"],
        "admin": one.spare["hospital"]["hospital_id"],
    },
    "/api/hospitals/doctors/{id}": of("hospital")(lambda one: make_doctor(one.hospital, one.department)["doctor_id"]),
    "/api/hospitals/departments/{id}": of("hospital")(lambda one: department(one.hospital, "Neurology")["id"]),
    "/api/doctors/{id}": Tenant.doctors,
    "/api/doctors/{id}/": of("hospital", "doctor")(lambda one: one.doctor),
    "/api/doctors/{id}/schedule/exceptions/{exception_id}": Tenant.exceptions,
    "/api/notifications/{id}": Tenant.notifications,
    "/api/webhooks/{id}": Tenant.webhooks,
    # Of what was posted: test_7_webhooks has it.
    "/api/webhooks/deliveries/{id}": of()(None),
    "/api/records/prescriptions/{id}": Tenant.prescriptions,
    "/api/records/prescriptions/{id}/attachments/{attachment_id}": Tenant.attachments,
    "/api/records/reports/{id}": Tenant.reports,
    "/api/records/patients/{id}": of("patient")(lambda one: one.registered["patient"]["patient_id"]),
    # Made by codes and broken glass: test_7_access has them.
    "/api/records/patients/{id}/grants/{grant_id}": of()(None),
    "/api/records/access-grants/{id}": of()(None),
    "/api/queues/{doctor_id}": of("hospital", "doctor")(lambda one: one.doctor),
    "/api/queues/tokens/{id}": Tenant.queue_tokens,
    "/api/appointments/holds/{id}": Tenant.holds,
    "/api/appointments/waitlist/{id}": Tenant.waitlist,
    "/api/appointments/{id}": Tenant.appointments,
    # Shown once, and over with the next: test_1_seed_004_calendars has it.
    "/api/calendar/{token}": of()(None),
}


def kind_of(method: str, path: str) -> str | None:
    """The key of `KINDS`; nothing where the last id is of no kind there."""
    fitting = [kind for kind in KINDS if path.startswith(kind) or f"{method} {path}".startswith(kind)]
    return max(fitting, key=len, default=None)

import API
import Chassis
import Events
import Identity
import IdentityDomain
import JSON
import Kernel
import Messaging
import Postgres
import Testing
import Web

extension World {
    /// A hospital's account as registry has it opened; its username is `username`.
    func openHospital(
        _ username: String = "city_hospital", email: String = "office@city.example", as hospital: ID<Hospital>? = nil
    ) async throws -> (account: ID<Account>, hospital: ID<Hospital>) {
        let hospital = hospital ?? .make(at: clock.now)
        guard let address = Email(email) else { throw Problem.internalError }
        let account = try await composition.enrolment.open(
            PendingAccount(
                registrant: hospital.retyped(), role: .hospital, name: "City Hospital", email: address,
                password: Secret(World.strong), username: .chosen(username), hospital: hospital),
            call(EnrolmentAPI.open.declaration)
        ).view.account
        return (account, hospital)
    }

    func openDoctor(
        of hospital: ID<Hospital>, named stem: String = "alikhan_cityhospital"
    ) async throws -> PendingAccountView {
        guard let address = Email("ali@city.example") else { throw Problem.internalError }
        return try await composition.enrolment.open(
            PendingAccount(
                registrant: .make(at: clock.now), role: .doctor, name: "Ali Khan", email: address,
                password: Secret(World.strong), username: .numbered(stem), hospital: hospital),
            call(EnrolmentAPI.open.declaration)
        ).view
    }

    /// Registry's decision, as it is handed over.
    func hand(_ event: Event) async throws {
        let envelope = EventEnvelope(event, id: .make(at: clock.now), at: clock.now, traceparent: nil)
        let input = try HandedEvent(envelope.json)
        _ = try await composition.handedEvents.take(input, call(EventsAPI.take(by: .identity).declaration))
    }

    func approve(_ hospital: ID<Hospital>, _ account: ID<Account>, version: Int64 = 2) async throws {
        try await hand(.hospitalApproved(HospitalFact(hospital: hospital, account: account, version: version)))
    }

    func isAdmitted(_ account: ID<Account>) async throws -> Bool {
        try await composition.contacts.standing(ByID(account), call(AccountsAPI.standing.declaration)).view.isAdmitted
    }

    /// What somebody is told who proved the password and is not let in.
    func loginRefusal(_ username: String) async -> Problem? {
        do {
            _ = try await logIn(username)
            return nil
        } catch {
            return error as? Problem
        }
    }
}

struct HospitalAccountTests {
    @Test func `a hospital is let in once it is approved, in its own tenant, and told why not before`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            let pending = await world.loginRefusal("city_hospital")
            #expect(pending?.code == .accountInactive && pending?.message.contains("pending approval") == true)
            // The email opens nothing else either.
            #expect(await world.loginRefusal("office@city.example")?.code == .accountInactive)
            try await world.approve(hospital, account)
            let caller = try world.caller(try await world.logIn("city_hospital").tokens)
            #expect(caller.role == .hospital && caller.tenant == hospital.retyped() && caller.account == account)
        }
    }

    @Test func `an approval is told to administrators, and nobody is asked to prove the email`() async throws {
        try await withIdentity { world in
            let admin = try Operators.NewAccount(
                username: "root_admin", name: "Root", email: "root@praxis.example", role: .admin,
                password: Secret(World.strong))
            _ = try await world.composition.operators.make(admin)
            let before = try await world.events().count
            let (account, _) = try await world.openHospital()
            try await world.confirm(account)
            #expect(
                try await world.events().dropFirst(before).sorted() == [
                    "identity.account_registered.v1", "identity.hospital_review_asked.v1",
                ])
        }
    }

    @Test func `rejected or deleted, a hospital and its doctors are logged out and come in no more`() async throws {
        for isDeleted in [false, true] {
            try await withIdentity { world in
                let (account, hospital) = try await world.openHospital()
                try await world.confirm(account)
                try await world.approve(hospital, account)
                let doctor = try await world.openDoctor(of: hospital)
                try await world.confirm(doctor.account)
                for name in ["city_hospital", doctor.username] { _ = try await world.logIn(name) }
                let fact = HospitalFact(hospital: hospital, account: account, version: 3)
                try await world.hand(isDeleted ? .hospitalDeleted(fact) : .hospitalRejected(fact))
                #expect(try await world.revoked().count == 2)
                for name in ["city_hospital", doctor.username] {
                    let refusal = await world.loginRefusal(name)
                    #expect(refusal?.code == .accountInactive)
                    #expect(refusal?.message.contains("not approved") == !isDeleted)
                }
                // An older fact that comes late changes nothing; a later one does.
                try await world.approve(hospital, account, version: 2)
                #expect(await world.loginRefusal("city_hospital") != nil)
                try await world.approve(hospital, account, version: 4)
                #expect(try await world.logIn(doctor.username).user.id == doctor.account)
            }
        }
    }

    @Test func `a doctor whom the hospital shuts out is logged out, and let in again when it says so`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            try await world.approve(hospital, account)
            let doctor = try await world.openDoctor(of: hospital)
            #expect(doctor.username == "alikhan_cityhospital")
            try await world.confirm(doctor.account)
            let caller = try world.caller(try await world.logIn(doctor.username).tokens)
            #expect(caller.role == .doctor && caller.tenant == hospital.retyped())
            _ = try await world.logIn("city_hospital")
            func fact(_ version: Int64) -> HospitalDoctorFact {
                HospitalDoctorFact(
                    doctor: ID(high: 1, low: 1), hospital: hospital, account: doctor.account, version: version)
            }
            try await world.hand(.hospitalDoctorDeactivated(fact(2)))
            #expect(try await world.revoked() == [caller.session])
            #expect(await world.loginRefusal(doctor.username)?.code == .accountInactive)
            #expect(try await world.actions().last == "login.refused")
            #expect(try await !world.isAdmitted(doctor.account))
            try await world.hand(.hospitalDoctorActivated(fact(3)))
            #expect(try await world.isAdmitted(doctor.account))
            _ = try await world.logIn(doctor.username)
            try await world.hand(.hospitalDoctorDeactivated(fact(2)))
            _ = try await world.logIn(doctor.username)
        }
    }

    @Test func `ten doctors of one name at once get ten usernames, and one address does for all`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            try await world.approve(hospital, account)
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<10 { group.addTask { try await world.openDoctor(of: hospital).username } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            let expected = ["alikhan_cityhospital"] + (2...10).map { "alikhan_cityhospital\($0)" }
            #expect(names == Set(expected))
        }
    }

    @Test func `a doctor's confirmed account tells of no email to prove and no review`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            try await world.approve(hospital, account)
            let before = try await world.events().count
            let doctor = try await world.openDoctor(of: hospital)
            try await world.confirm(doctor.account)
            #expect(try await world.events().dropFirst(before) == ["identity.account_registered.v1"])
        }
    }

    @Test func `a username that is somebody's is refused; one of a registration that broke off is freed`() async throws
    {
        try await withIdentity { world in
            let (account, _) = try await world.openHospital()
            // Perhaps still under way: to be tried again.
            await #expect(throws: Problem.unavailable(retryAfter: 5)) {
                try await world.openHospital(email: "b@b.example")
            }
            #expect(try await !world.isTaken("city_hospital"))
            world.clock.pass(.seconds(30))
            world.registrations.set([account])
            await #expect(throws: Problem.unavailable(retryAfter: 5)) {
                try await world.openHospital(email: "b@b.example")
            }
            world.registrations.set([])
            let (second, _) = try await world.openHospital(email: "b@b.example")
            try await world.confirm(second)
            #expect(try await world.isTaken("CITY_hospital"))
            await #expect(throws: AccountStore.usernameTaken) { try await world.openHospital(email: "c@c.example") }
        }
    }

    @Test func `of two who register one username at once the later hears that it is taken`() async throws {
        try await withIdentity { world in
            let (account, _) = try await world.openHospital()
            async let later = world.openHospital(email: "b@b.example")
            try await world.confirm(account)
            do {
                _ = try await later
                Issue.record("two have one username")
            } catch let problem as Problem {
                #expect(problem == AccountStore.usernameTaken)
            }
        }
    }

    @Test func `a patient whose record was erased is logged out for good, and the email is free`() async throws {
        try await withIdentity { world in
            let (account, caller) = try await world.patient()
            let fact = RegisteredPatientFact(patient: ID(high: 5, low: 5), account: account)
            try await world.hand(.registeredPatientDeleted(fact))
            #expect(try await world.revoked() == [caller.session])
            await #expect(throws: Problem.self) { try await world.logInPatient("jane@example.com") }
            _ = try await world.patient("jane@example.com", phone: "+1234567891")
        }
    }

    @Test func `a hospital's email is not changed at its account`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            try await world.approve(hospital, account)
            let caller = try world.caller(try await world.logIn("city_hospital").tokens)
            let patch = try Patch<UpdateAccount>(
                ["email": "new@city.example", "current_password": .string(World.strong)])
            let problem = await #expect(throws: Problem.self) {
                try await world.composition.profile.update(
                    patch, world.call(AccountsAPI.updateMe.declaration, as: caller))
            }
            #expect(problem?.errors.map(\.field) == ["email"])
        }
    }

    @Test func `of registry's events those are heard that decide who is let in, and no other`() async throws {
        try await withIdentity { world in
            let handler = world.composition.handler
            let heard = [Event.hospitalUpdated.name, Event.patientCreated.name, Event.hospitalApproved.name]
                .filter { handler.hears($0) }
            #expect(heard == [Event.hospitalApproved.name])
        }
    }

    @Test func `a doctor of two long names has an account that can be changed`() async throws {
        try await withIdentity { world in
            let (account, hospital) = try await world.openHospital()
            try await world.confirm(account)
            try await world.approve(hospital, account)
            let name = String(repeating: "Long", count: 25) + " " + String(repeating: "Name", count: 25)
            let opened = try await world.composition.enrolment.open(
                try PendingAccount([
                    "registrant_id": .string(ID<Registrant>.make(at: world.clock.now).description), "role": "doctor",
                    "name": .string(name), "email": "ali@city.example", "password": .string(World.strong),
                    "username_stem": "longname_cityhospital", "hospital_id": .string(hospital.description),
                ]), world.call(EnrolmentAPI.open.declaration)
            ).view
            try await world.confirm(opened.account)
            let caller = try world.caller(try await world.logIn(opened.username).tokens)
            let changed = try await world.composition.profile.update(
                Patch(changes: ["name": .string(name)]), world.call(AccountsAPI.updateMe.declaration, as: caller))
            #expect(changed.view.profile.user.name == name)
        }
    }

    private static func doctor(_ world: World) async throws -> PendingAccountView {
        let (account, hospital) = try await world.openHospital()
        try await world.confirm(account)
        try await world.approve(hospital, account)
        let doctor = try await world.openDoctor(of: hospital)
        try await world.confirm(doctor.account)
        return doctor
    }

    @Test func `where that is asked for, a doctor with the generated password may only choose another`() async throws {
        try await withIdentity(settings: ["FORCE_PASSWORD_CHANGE": "true"]) { world in
            let doctor = try await Self.doctor(world)
            let signedIn = try await world.logIn(doctor.username)
            #expect(signedIn.mustChangePassword)
            let bound = try world.caller(signedIn.tokens)
            #expect(bound.mustChangePassword)
            let refreshed = try await world.refresh(signedIn.tokens.refresh)
            #expect(try world.caller(refreshed).mustChangePassword)
            func change(to password: String) async throws {
                let body: JSONValue = [
                    "old_password": .string(World.strong), "new_password": .string(password),
                    "confirm_password": .string(password),
                ]
                _ = try await world.composition.passwordChange.change(
                    try Attempt<ChangePassword>(body), world.call(AccountsAPI.changePassword.declaration, as: bound))
            }
            let same = await #expect(throws: Problem.self) { try await change(to: World.strong) }
            #expect(same?.errors.map(\.field) == ["new_password"])
            try await change(to: "Another-Pass-4567!")
            let free = try await world.logIn(doctor.username, "Another-Pass-4567!")
            #expect(try !free.mustChangePassword && !world.caller(free.tokens).mustChangePassword)
            // So is the session in which it was changed, after a refresh.
            let changed = try world.caller(try await world.refresh(refreshed.refresh))
            #expect(!changed.mustChangePassword)
            let hospital = try await world.logIn("city_hospital")
            #expect(try !hospital.mustChangePassword && !world.caller(hospital.tokens).mustChangePassword)
        }
    }

    @Test func `no mailed link sets the generated password again`() async throws {
        try await withIdentity(settings: ["FORCE_PASSWORD_CHANGE": "true"]) { world in
            let doctor = try await Self.doctor(world)
            let email = try #require(try await world.composition.accounts.find(doctor.account)).email
            let link = try await world.link(email.text, of: doctor.account)
            let same = await #expect(throws: Problem.self) { try await world.reset(link, to: World.strong) }
            #expect(same?.errors.map(\.field) == ["new_password"])
            try await world.reset(link)
            #expect(try await !world.logIn(doctor.username, World.another).mustChangePassword)
        }
    }

    @Test func `where nobody asks for it, a generated password opens everything`() async throws {
        try await withIdentity { world in
            let signedIn = try await world.logIn(try await Self.doctor(world).username)
            #expect(try !signedIn.mustChangePassword && !world.caller(signedIn.tokens).mustChangePassword)
        }
    }
}

extension World {
    fileprivate func isTaken(_ username: String) async throws -> Bool {
        try await composition.enrolment.taken(UsernameOnly(username), call(EnrolmentAPI.taken.declaration)).view.isTaken
    }
}

package import API
import Chassis
import Crypto
import Events
package import Kernel
import Postgres
import RecordsDomain
package import Web

/// One-time codes: asked for by doctors, sent to patients' phones, and redeemed for half an hour of access.
package struct AccessCodes: Sendable {
    let codes: AccessCodeStore
    let tally: AccessCodeTally
    let rules: AccessCodeRules
    let grants: GrantStore
    let keys: PatientKeys
    let directory: any PatientDirectory
    let entries: OwnEntries
    /// Marks phones that nobody has, for counting.
    let phones: BlindIndex
    let database: Database
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    /// The code itself is made while the text message is written, so that no event ever holds one. Nothing tells the
    /// caller whether anybody has the phone.
    package func generate(_ input: AccessCodeRequest, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        let found = try await candidates(input.about, call)
        let asker = AccessCodeStore.Asker(
            account: caller.account, doctor: try await entries.doctor(call.origin, until: call.deadline),
            hospital: caller.hospital)
        let now = clock.now
        return try await unit.write(call) { tx in
            try await tx.speak(as: .service)
            try await tally.ask(parties(input.about, found, caller), at: now, in: tx)
            let id = ID<AccessCode>.make(at: now)
            try await codes.ask(id, by: asker, about: found, until: now + rules.life, in: tx)
            if let told = found.first(where: { $0.account != nil }), let account = told.account {
                let fact = AccessCodeFact(
                    patient: told.patient, code: id, patientAccount: account, doctorAccount: caller.account)
                try await ledger.record(.accessCodeRequested(fact), from: call.origin, in: tx)
            } else {
                try await ledger.note("otp_generated", from: call.origin, in: tx)
            }
            return Done()
        }
    }

    /// A message that is written again has another code, and only that one works.
    package func mint(_ input: ByID<AccessCode>, _ call: Call) async throws -> Item<AccessCodeView> {
        guard let code = try await codes.mint(input.id, digits: rules.digits, at: clock.now) else {
            throw Problem.notFound
        }
        return Item(AccessCodeView(code: code.expose(), minutes: Int(rules.life.components.seconds / 60)))
    }

    /// Every try is counted before it is compared, and stays counted when it is refused.
    package func verify(_ input: AccessCodeProof, _ call: Call) async throws -> Item<OpenedAccessView> {
        let caller = try call.requireCaller()
        try await unit.recall(call)
        let found = try await candidates(input.about, call)
        if found.count > 1 {
            throw Problem(.patientAmbiguous, "Several patients have this phone: say which by patient_id.")
        }
        let parties = parties(input.about, found, caller)
        guard let patient = found.first, try await isRight(input.code, patient.patient, parties, caller, call) else {
            try await refuse(found.first, parties, caller, call)
            throw Self.isWrong
        }
        _ = try await keys.current(of: patient.patient, account: patient.account, at: clock.now)
        let opened = try await redeem(input.code, patient.patient, parties, caller, call)
        guard let opened else { throw Self.isWrong }
        return opened
    }

    /// One code for whoever of these patients it opens; with an id, at most that one.
    private func candidates(_ about: PatientReference, _ call: Call) async throws -> [CodeCandidate] {
        if let phone = about.phone {
            let matches = try await directory.patients(having: phone, for: call.origin, until: call.deadline)
            let all = matches.map { CodeCandidate(patient: $0.id, account: $0.account) }
            return about.patient.map { id in all.filter { $0.patient == id } } ?? all
        }
        guard let id = about.patient else { return [] }
        return try await directory.entries(
            DirectoryQuery(patients: [id]), for: call.origin, until: call.deadline
        ).patients.filter { $0.id == id }.map { CodeCandidate(patient: $0.id, account: $0.account) }
    }

    private func parties(
        _ about: PatientReference, _ found: [CodeCandidate], _ caller: Caller
    ) -> [AccessCodeParty] {
        var parties: [AccessCodeParty] = [.doctor(caller.account)] + found.map { .patient($0.patient) }
        if found.isEmpty, let phone = about.phone { parties.append(.phone(Hex.encode(phones.exact(phone.text)))) }
        if found.isEmpty, let patient = about.patient { parties.append(.patient(patient)) }
        return parties
    }

    /// Commits that the code was tried. The code that the doctor has just used is refused and not counted.
    private func isRight(
        _ code: Secret, _ patient: ID<Patient>, _ parties: [AccessCodeParty], _ caller: Caller, _ call: Call
    ) async throws -> Bool {
        let now = clock.now
        let trial: AccessCodeStore.Trial? = try await database.transaction(
            as: .service, until: call.deadline
        ) { tx in
            if try await codes.isUsed(code, by: caller.account, about: patient, at: now, in: tx) { return nil }
            try await tally.tryOnce(parties, at: now, in: tx)
            return try await codes.compare(code, of: caller.account, about: patient, at: now, in: tx)
        }
        guard let trial else { throw Self.isWrong }
        return trial == .matches
    }

    /// A patient whom nobody knows costs the caller a try as well.
    private func refuse(
        _ patient: CodeCandidate?, _ parties: [AccessCodeParty], _ caller: Caller, _ call: Call
    ) async throws {
        try await database.transaction(as: .service, until: call.deadline) { tx in
            if patient == nil { try await tally.tryOnce(parties, at: clock.now, in: tx) }
            try await ledger.note(
                "otp_refused", about: patient.map { "patient/\($0.patient)" }, from: call.origin, in: tx)
        }
    }

    /// Nil when another try was faster.
    private func redeem(
        _ code: Secret, _ patient: ID<Patient>, _ parties: [AccessCodeParty], _ caller: Caller, _ call: Call
    ) async throws -> Item<OpenedAccessView>? {
        let now = clock.now
        do {
            return try await unit.write(call) { tx in
                try await tx.speak(as: .service)
                guard
                    let taken = try await codes.redeem(code, of: caller.account, about: patient, at: now, in: tx)
                else { throw Self.isWrong }
                try await tally.giveBack(parties, in: tx)
                let grant = try await grants.insert(
                    GrantStore.New(
                        id: .make(at: now), patient: patient, patientAccount: taken.account,
                        doctorAccount: caller.account, doctor: taken.doctor, hospital: taken.hospital, way: .otp),
                    in: tx)
                try await ledger.record(.accessGranted(grant.fact()), from: call.origin, in: tx)
                return Item(OpenedAccessView(patient: patient, grant: grant.id, expiresAt: grant.expiresAt))
            }
        } catch let problem as Problem where problem.code == .otpInvalid {
            try await database.transaction(as: .service) { tx in try await tally.giveBack(parties, in: tx) }
            return nil
        }
    }

    /// Wrong, void, used, expired and unknown alike. The caller is signed in, so that it is a field's fault.
    private static let isWrong = Problem(
        .otpInvalid, "This code is wrong or has expired.",
        errors: [Problem.FieldFaults(field: "otp", messages: ["This code is wrong or has expired."])])
}

extension Grant {
    /// - Parameter hospitalAccount: whom of the hospital it reaches.
    func fact(hospitalAccount: ID<Account>? = nil) -> AccessGrantFact {
        AccessGrantFact(
            patient: patient, grant: id, patientAccount: patientAccount, doctor: doctor, doctorAccount: doctorAccount,
            hospital: hospital, hospitalAccount: hospitalAccount, expiresAt: expiresAt)
    }
}

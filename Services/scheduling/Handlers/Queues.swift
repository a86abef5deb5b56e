package import API
import Chassis
import Events
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// `/api/queues`: the numbers of a doctor's day. The day is the doctor's, wherever hospital and patient are.
package struct Queues: Sendable {
    let access: DoctorAccess
    let store: QueueStore
    let visits: AppointmentStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func issue(_ input: NewQueueToken, _ call: Call) async throws -> CreatedOnce<QueueTokenView> {
        let staff = try await access.staff(input.doctor, call)
        let now = clock.now
        let today = try await store.today(of: input.doctor, orIn: staff.hospital.timezone, at: now)
        let wanted = try await wanted(input, staff, today, call)
        return try await unit.write(call) { tx in
            let (number, isNew) = try await store.issue(wanted, at: now, in: tx)
            if isNew {
                try await ledger.record(.queueChanged(number.fact(staff.doctor.account)), from: call.origin, in: tx)
            }
            return CreatedOnce(
                try await view(number, in: tx), at: "/api/queues/tokens/\(number.id)", isNew: isNew)
        }
    }

    package func next(_ input: QueuePath, _ call: Call) async throws -> MaybeItem<QueueTokenView> {
        let staff = try await access.staff(input.doctor, call)
        let now = clock.now
        let today = try await store.today(of: input.doctor, orIn: staff.hospital.timezone, at: now)
        return try await unit.write(call) { tx in
            guard let waiting = try await store.lockNext(of: input.doctor, on: today, in: tx) else {
                return MaybeItem(nil)
            }
            let called = waiting.changed(to: .called, at: now)
            try await keep(called, staff.doctor.account, call, in: tx)
            return MaybeItem(try await view(called, in: tx))
        }
    }

    package func change(
        _ input: WithID<QueueToken, QueueTokenChange>, _ call: Call
    ) async throws -> Item<QueueTokenView> {
        guard let seen = try await store.find(input.id, for: try call.requireCaller()) else { throw Problem.notFound }
        let staff = try await access.staff(seen.doctor, call)
        let now = clock.now
        return try await unit.write(call) { tx in
            guard let number = try await store.lock(input.id, in: tx) else { throw Problem.notFound }
            if number.status == input.body.status { return Item(try await view(number, in: tx)) }
            try QueueSteps.check(from: number.status, to: input.body.status)
            let changed = number.changed(to: input.body.status, at: now)
            try await keep(changed, staff.doctor.account, call, in: tx)
            return Item(try await view(changed, in: tx))
        }
    }

    package func board(_ query: QueueQuery, _ call: Call) async throws -> Item<QueueBoardView> {
        let staff = try await access.staff(query.doctor, call)
        let today = try await store.today(of: query.doctor, orIn: staff.hospital.timezone, at: clock.now)
        let day = query.date ?? today
        let board = try await store.board(of: query.doctor, on: day)
        let entries = board.numbers.map { number in
            QueueBoardEntry(
                id: number.id, number: number.number, status: number.status, ahead: board.ahead(of: number),
                expectedWaitMinutes: board.wait(of: number))
        }
        let waiting = board.numbers.filter { $0.status == .waiting }.count
        return Item(QueueBoardView(doctor: query.doctor, date: day, waiting: waiting, tokens: entries))
    }

    package func show(_ input: ByID<QueueToken>, _ call: Call) async throws -> Item<QueueTokenView> {
        let caller = try call.requireCaller()
        guard let number = try await store.find(input.id, for: caller) else { throw Problem.notFound }
        if caller.role != .patient { _ = try await access.staff(number.doctor, call) }
        let board = try await store.board(of: number.doctor, on: number.day)
        let label = caller.role == .patient ? nil : try await store.label(of: number.id, for: caller)
        return Item(QueueTokenView(number, on: board, label: label))
    }

    private func keep(
        _ number: QueueNumber, _ doctorAccount: ID<Account>?, _ call: Call, in tx: Transaction
    ) async throws {
        try await store.update(number, in: tx)
        try await ledger.record(.queueChanged(number.fact(doctorAccount)), from: call.origin, in: tx)
    }

    private func view(_ number: QueueNumber, in tx: Transaction) async throws -> QueueTokenView {
        QueueTokenView(
            number, on: try await store.board(of: number.doctor, on: number.day, in: tx),
            label: try await store.label(of: number.id, in: tx))
    }

    private func wanted(
        _ input: NewQueueToken, _ staff: DoctorAccess.Staff, _ today: CalendarDate, _ call: Call
    ) async throws -> QueueStore.Wanted {
        let caller = try call.requireCaller()
        var wanted = QueueStore.Wanted(
            doctor: staff.doctor.id, hospital: staff.hospital.id, day: today, zone: staff.hospital.timezone)
        switch input.holder {
        case .label(let label): wanted.label = label
        case .appointment(let id):
            guard let visit = try await store.visit(id, zone: staff.hospital.timezone, for: caller),
                visit.doctor == staff.doctor.id
            else { throw Problem.field("appointment_id", "There is no such appointment of this doctor.") }
            guard visit.day == today else { throw Problem.conflict("The appointment is on another day.") }
            guard visit.isOpen else { throw Problem.conflict("Only confirmed appointments get a token.") }
            wanted.appointment = id
            wanted.patient = visit.patient
            wanted.patientAccount = visit.account
        case .patient(let id):
            let card = try await patient(id, staff, call)
            wanted.patient = id
            wanted.patientAccount = card.account
        }
        return wanted
    }

    /// A record the hospital keeps, or a patient who was there before.
    private func patient(_ id: ID<Patient>, _ staff: DoctorAccess.Staff, _ call: Call) async throws -> PatientCard {
        let entries = try await access.directory.entries(
            DirectoryQuery(hospitals: [staff.hospital.id], patients: [id]), for: call.origin, until: call.deadline)
        let unknown = Problem.field("patient_id", "There is no such patient of this hospital.")
        guard let card = entries.patients.first(where: { $0.id == id }) else { throw unknown }
        if card.tenant == staff.hospital.id.retyped() { return card }
        guard try await visits.knows(id, at: staff.hospital.id, as: .service) else { throw unknown }
        return card
    }
}

extension QueueTokenView {
    init(_ number: QueueNumber, on board: QueueBoard, label: String?) {
        self.init(
            id: number.id, doctor: number.doctor, date: number.day, number: number.number, status: number.status,
            appointment: number.appointment, patient: number.patient, label: label, ahead: board.ahead(of: number),
            expectedWaitMinutes: board.wait(of: number), issuedAt: number.issuedAt, calledAt: number.calledAt,
            servedAt: number.servedAt, doneAt: number.doneAt)
    }
}

extension QueueNumber {
    /// - Parameter doctorAccount: the doctor's own, if there is one.
    func fact(_ doctorAccount: ID<Account>?) -> QueueFact {
        QueueFact(
            token: id, doctor: doctor, hospital: hospital, doctorAccount: doctorAccount, patientAccount: patientAccount,
            number: number, status: status)
    }
}

import API
import Kernel
import SchedulingDomain

extension AppointmentView {
    init(_ record: AppointmentRecord, _ names: DirectoryNames.Names) {
        let parties = record.parties
        self.init(
            id: record.id, status: record.status, hospital: parties.hospital,
            hospitalName: names.hospitals[parties.hospital], department: parties.department,
            departmentName: parties.department.flatMap { names.departments[$0] }, doctor: parties.doctor,
            doctorName: parties.doctor.flatMap { names.doctors[$0] }, patient: parties.patient,
            patientName: names.patients[parties.patient], requestedTime: record.requestedAt, time: record.time,
            reason: record.words.reason, notes: record.words.notes, isOverbooked: record.isOverbooked,
            createdAt: record.createdAt, updatedAt: record.updatedAt)
    }
}

extension AppointmentChangeView {
    init(_ change: AppointmentChange) {
        let isMoved = change.fromStart != nil && change.fromStart != change.toStart
        self.init(
            at: change.at, role: change.actor.role.rawValue, fromStatus: change.fromStatus, toStatus: change.toStatus,
            fromStart: isMoved ? change.fromStart : nil, toStart: isMoved ? change.toStart : nil)
    }
}

extension AppointmentPartiesView {
    init(_ record: AppointmentRecord) {
        let parties = record.parties
        self.init(
            id: record.id, status: record.status, patient: parties.patient, patientAccount: parties.patientAccount,
            doctor: parties.doctor, doctorAccount: parties.doctorAccount, hospital: parties.hospital,
            hospitalAccount: parties.hospitalAccount, start: record.time.lowerBound, updatedAt: record.updatedAt)
    }
}

import API
package import Web

extension ScheduleHandlers {
    /// Hours, slots, holds, the waitlist, the walk-in queue, calendars, and what other services ask.
    package func serve(in routes: inout Routes) {
        routes.serve(SchedulesAPI.schedule, schedules.show)
        routes.serve(SchedulesAPI.replaceSchedule, schedules.replace)
        routes.serve(SchedulesAPI.addException, schedules.add)
        routes.serve(SchedulesAPI.removeException, schedules.remove)
        routes.serve(SchedulesAPI.slots, slots.list)
        routes.serve(HoldsAPI.make, holds.make)
        routes.serve(HoldsAPI.release, holds.release)
        routes.serve(WaitlistAPI.join, waitlist.join)
        routes.serve(WaitlistAPI.list, waitlist.list)
        routes.serve(WaitlistAPI.leave, waitlist.leave)
        routes.serve(WaitlistAPI.message, waitlistMessages.show)
        routes.serve(QueuesAPI.issue, queues.issue)
        routes.serve(QueuesAPI.next, queues.next)
        routes.serve(QueuesAPI.change, queues.change)
        routes.serve(QueuesAPI.board, queues.board)
        routes.serve(QueuesAPI.token, queues.show)
        routes.serve(CalendarsAPI.appointment, calendars.appointment)
        routes.serve(CalendarsAPI.makeToken, calendars.makeToken)
        routes.serve(CalendarsAPI.removeToken, calendars.removeToken)
        routes.serve(CalendarsAPI.feed, calendars.feed)
        routes.serve(SchedulingReadsAPI.patients, reads.patients)
        routes.serve(SchedulingReadsAPI.affected, reads.affected)
        routes.serve(SchedulingReadsAPI.openOfDepartment, reads.openOfDepartment)
        routes.serve(SchedulingReadsAPI.stats, reads.stats)
        routes.serve(SchedulingReadsAPI.ofPatient, reads.ofPatient)
    }
}

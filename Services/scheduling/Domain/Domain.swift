// SchedulingDomain

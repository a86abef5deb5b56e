// What an ID can name, across all services. Each is only a name: the values live in the service that owns them.

/// What logs in; identity owns it.
package enum Account {}
/// A login that refreshes, from sign-in to its end; identity owns it.
package enum Session {}
/// Whose data a row is: a hospital, or an account that keeps its own patients.
package enum Tenant {}
/// A person cared for, as a record of registry.
package enum Patient {}
/// A directory entry of a doctor; registry owns it.
package enum Doctor {}
/// Which doctor cares for which patient.
package enum Mapping {}
/// A professional who registered alone; registry owns the entry.
package enum Provider {}
/// An organisation with doctors and departments; it is a tenant.
package enum Hospital {}
/// A part of a hospital that doctors belong to.
package enum Department {}
/// An agreed stretch of time between a patient and a doctor; scheduling owns it.
package enum Appointment {}
/// What makes a stretch of time busy: an appointment's, a hold's or an offer's; scheduling owns it.
package enum Claim {}
/// What a doctor prescribed after a visit; records owns it.
package enum Prescription {}
/// A file in a patient's records; records owns it.
package enum Report {}
/// A file with a prescription; records owns it.
package enum Attachment {}
/// The sealed bytes of a report or an attachment; records owns them.
package enum StoredFile {}
/// A day or a stretch of time that is different from a doctor's usual week; scheduling owns it.
package enum ScheduleException {}
/// A patient's wish for a time that is taken; scheduling owns it.
package enum WaitlistEntry {}
/// A number in a doctor's queue of one day; scheduling owns it.
package enum QueueToken {}
/// One answer about symptoms; records owns it.
package enum Recommendation {}
/// A doctor's time-limited right to read a patient's records; records owns it.
package enum AccessGrant {}
/// A doctor's asking for a one-time code of a patient; records owns it.
package enum AccessCode {}
/// One reading of a patient's records by another; records owns it.
package enum AccessEntry {}
/// One event in an outbox, under the id that consumers remember.
package enum EventRecord {}
/// One message to one person by one channel; notifier owns it.
package enum Delivery {}
/// One message in an account's inbox; notifier owns it.
package enum InboxMessage {}
/// One row of a service's audit trail.
package enum AuditEntry {}
/// An address to which a hospital's or administrator's events are posted; notifier owns it.
package enum Hook {}
/// One event on its way to one hook; notifier owns it.
package enum HookDelivery {}

package import Kernel

/// When a doctor works and how their time is cut into slots. All times are those of the clock on the wall in
/// `timezone`.
package struct DoctorSchedule: Sendable, Equatable {
    package let doctor: ID<Doctor>
    package let hospital: ID<Hospital>
    /// A name of the time zone database, never an offset.
    package let timezone: String
    package let slotMinutes: Int
    /// Kept free after each visit.
    package let bufferMinutes: Int
    /// How long ahead a slot must be asked for.
    package let minimumNoticeMinutes: Int
    /// How far ahead slots are offered.
    package let horizonDays: Int
    /// How long before a visit its patient may still cancel or move it.
    package let cancelCutoffMinutes: Int
    /// Whether a patient's booking of a slot is confirmed at once.
    package let autoConfirm: Bool
    package let weeklyHours: WeeklyHours
    package let version: Int64

    package static let usualSlotMinutes = 30
    package static let usualHorizonDays = 90

    package init(
        doctor: ID<Doctor>, hospital: ID<Hospital>, timezone: String, slotMinutes: Int = usualSlotMinutes,
        bufferMinutes: Int = 0, minimumNoticeMinutes: Int = 0, horizonDays: Int = usualHorizonDays,
        cancelCutoffMinutes: Int = 0, autoConfirm: Bool = false, weeklyHours: WeeklyHours = WeeklyHours(),
        version: Int64 = 0
    ) {
        self.doctor = doctor
        self.hospital = hospital
        self.timezone = timezone
        self.slotMinutes = slotMinutes
        self.bufferMinutes = bufferMinutes
        self.minimumNoticeMinutes = minimumNoticeMinutes
        self.horizonDays = horizonDays
        self.cancelCutoffMinutes = cancelCutoffMinutes
        self.autoConfirm = autoConfirm
        self.weeklyHours = weeklyHours
        self.version = version
    }
}

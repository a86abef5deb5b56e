package import Kernel
import Postgres

extension PreferenceStore {
    /// When the account's quiet hours end, if they are now. PostgreSQL knows the zones: a time that a night skips
    /// counts as the one after the gap, one that a night has twice as the later one.
    package func quietEnd(of account: ID<Account>, at now: Instant) async throws -> Instant? {
        try await database.read(Column<Instant?>("max(ends)"), as: .service) {
            """
            select \($0) from (
                select (day + quiet_from) at time zone timezone as begins,
                    (day + quiet_to + case when quiet_to < quiet_from then interval '1 day' else interval '0' end)
                        at time zone timezone as ends
                from preference, generate_series(-1, 1) as step,
                    lateral (select (\(now)::timestamptz at time zone timezone)::date + step as day) as near
                where account_id = \(account) and quiet_from is not null) as night
            where begins <= \(now) and ends > \(now)
            """
        }.one
    }
}

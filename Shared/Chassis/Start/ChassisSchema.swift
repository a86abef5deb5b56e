import Audit
import Messaging
package import Postgres
import Sealing

/// The tables the chassis needs in every service's own schema, with a ledger of their own beside the service's. A text
/// is never edited, only followed by another.
package enum ChassisSchema {
    package static let ledger = "chassis_migration"

    package static let migrations = [
        Migration(number: 1, name: "messaging", sql: Array(MessagingSchema.sql.utf8)),
        Migration(number: 2, name: "kept_answers", sql: Array(idempotencyKeys.utf8)),
        Migration(number: 3, name: "audit", sql: Array(AuditSchema.entries.utf8)),
        Migration(number: 4, name: "audit_chain", sql: Array(AuditSchema.chain.utf8)),
        Migration(number: 5, name: "caller", sql: Array(CallerSchema.sql.utf8)),
        Migration(number: 6, name: "live_copies", sql: Array(MessagingSchema.live.utf8)),
        Migration(number: 7, name: "no_notifications", sql: Array(MessagingSchema.unnotified.utf8)),
        Migration(number: 8, name: "dead_letter_retries", sql: Array(MessagingSchema.retries.utf8)),
        Migration(number: 9, name: "audit_addresses", sql: Array(AuditSchema.addresses.utf8)),
    ]

    /// The keys in these tables that the master key wraps. Those of the audit chain, which each process opens at its
    /// start, are last: while a rotation is not finished, no process starts without the older master key.
    static let wrappedKeys = [
        WrappedKeys("answer", of: "idempotency_key", boundTo: "'idempotency/' || caller", form: .box),
        WrappedKeys(
            "wrapped_key", of: "audit_key", boundTo: "'audit_key/' || current_schema() || '/' || key_id"),
    ]

    private static let idempotencyKeys = """
        -- Answers of requests with an Idempotency-Key, in the transaction of the write they tell of; forgotten after a day.
        create table idempotency_key (
            caller text not null,
            route text not null,
            key_hash bytea not null,
            fingerprint bytea not null,
            -- Null only inside the transaction that works on it.
            answer bytea,
            created_at timestamptz not null,
            primary key (caller, route, key_hash)
        );

        create index idempotency_key_by_age on idempotency_key (created_at);
        """
}

import Messaging
package import Postgres

/// The tables the chassis needs in every service's own schema, with a ledger of their own beside the service's. A text is
/// never edited, only followed by another.
package enum ChassisSchema {
    package static let ledger = "chassis_migration"

    package static let migrations = [
        Migration(number: 1, name: "messaging", sql: Array(MessagingSchema.sql.utf8)),
        Migration(number: 2, name: "kept_answers", sql: Array(keptAnswers.utf8)),
        Migration(number: 3, name: "audit", sql: Array(audit.utf8)),
        Migration(number: 4, name: "audit_chain", sql: Array(AuditChainSchema.sql.utf8)),
    ]

    private static let keptAnswers = """
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

    private static let audit = """
        -- Who did what, when; rows are added and never changed, not even by the service that writes them.
        create table audit_entry (
            entry_id bigint generated always as identity primary key,
            at timestamptz not null,
            action text not null,
            actor_id uuid,
            actor_role text,
            subject text,
            request_id text,
            address bytea
        );

        create index audit_entry_by_actor on audit_entry (actor_id, entry_id desc);
        create index audit_entry_by_action on audit_entry (action, entry_id desc);
        create index audit_entry_by_time on audit_entry (at);

        do $$
        declare grantee_name text;
        begin
            for grantee_name in
                select distinct grantee from information_schema.role_table_grants
                where table_schema = current_schema and table_name = 'audit_entry' and grantee <> current_user
            loop
                execute format('revoke update, delete, truncate on audit_entry from %I', grantee_name);
            end loop;
        end
        $$;
        """
}

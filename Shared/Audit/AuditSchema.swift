/// The tables of the audit trail and of its sealed chain (docs/adr/0022), as migrations' texts.
package enum AuditSchema {
    package static let entries = """
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

    package static let chain = """
        -- The audit trail becomes a chain: marked rows are sealed into batches, each a Merkle root and the digest of the batch before, and heads of it are signed.
        -- The mark of the process that wrote the row; null in rows older than marks.
        alter table audit_entry add column mark bytea;
        create index audit_entry_by_role on audit_entry (actor_role, entry_id desc);

        create table audit_key (
            key_id text primary key,
            wrapped_key bytea not null,
            sealed_secret bytea not null,
            sealed_signer bytea not null,
            created_at timestamptz not null
        );

        -- Entries that wait to be sealed: written with the entry, deleted with the batch.
        create table audit_unsealed (entry_id bigint primary key);
        insert into audit_unsealed (entry_id) select entry_id from audit_entry;

        create table audit_batch (
            batch_number bigint primary key,
            previous_hash bytea not null,
            merkle_root bytea not null,
            entry_ids bigint[] not null,
            -- The largest of them: where a batch is looked for by an entry.
            last_entry_id bigint not null,
            leaves bytea not null,
            sealed_at timestamptz not null,
            key_id text not null,
            batch_hash bytea not null,
            mac bytea not null
        );
        create index audit_batch_by_last_entry on audit_batch (last_entry_id);

        create table audit_checkpoint (
            batch_number bigint primary key,
            head text not null,
            signed_at timestamptz not null
        );

        do $$
        declare grantee_name text; added_table text;
        begin
            for grantee_name, added_table in
                select distinct grantee, table_name from information_schema.role_table_grants
                where table_schema = current_schema and grantee <> current_user
                    and table_name in ('audit_entry', 'audit_key', 'audit_unsealed', 'audit_batch', 'audit_checkpoint')
            loop
                execute format('revoke update, truncate on %I from %I', added_table, grantee_name);
                if added_table <> 'audit_unsealed' then
                    execute format('revoke delete on %I from %I', added_table, grantee_name);
                end if;
            end loop;
        end
        $$;
        """

    package static let addresses = """
        -- Addresses of entries that the master key sealed, sealed anew under the chain's keys; the entry itself, which the chain covers, stays as it is.
        create table audit_address (
            entry_id bigint primary key,
            sealed bytea not null
        );

        do $$
        declare grantee_name text;
        begin
            for grantee_name in
                select distinct grantee from information_schema.role_table_grants
                where table_schema = current_schema and table_name = 'audit_address' and grantee <> current_user
            loop
                execute format('revoke insert, update, delete, truncate on audit_address from %I', grantee_name);
            end loop;
        end
        $$;
        """
}

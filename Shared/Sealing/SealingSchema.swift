/// The tables of a service's keys, as its own migrations make them: listed in the service's `Schema.swift`.
package enum SealingSchema {
    package static let sql = """
        -- The service's own keys: a data key wrapped by the master key, and a secret sealed under it.
        create table service_key (
            purpose text primary key,
            wrapped bytea not null,
            sealed_secret bytea not null
        );

        -- One data key for each owner of sealed rows, wrapped by the master key of that version. Shown to nobody until
        -- the service says by a policy to whom.
        create table data_key (
            owner_id uuid primary key,
            tenant_id uuid not null,
            wrapped bytea not null,
            kek_version integer not null,
            created_at timestamptz not null
        );

        alter table data_key enable row level security;
        alter table data_key force row level security;
        """
}

-- Keys the service keeps for itself, none of them readable here: those that sign tokens, and those of its own columns.
create table signing_key (
    key_id text primary key,
    signs_from timestamptz not null,
    wrapped_key bytea not null,
    sealed_pem bytea not null,
    created_at timestamptz not null,
    constraint signing_key_one_at_a_time unique (signs_from)
);

create table service_key (
    purpose text primary key,
    wrapped_key bytea not null,
    sealed_secret bytea not null
);

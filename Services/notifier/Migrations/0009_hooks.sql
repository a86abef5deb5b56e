-- Where hospitals and administrators want events posted.
create table hook (
    hook_id uuid primary key,
    owner_account uuid not null,
    -- Null of an administrator's: it hears of all tenants.
    hospital_id uuid,
    url text not null,
    -- Names of events as clients know them, or one '*'.
    events text[] not null,
    -- A data key of the hook's own, wrapped by the master key, and what it seals.
    wrapped_key bytea not null,
    sealed_secret bytea not null,
    -- The secret of before a rotation; it signs beside the new one until then.
    sealed_old_secret bytea,
    old_until timestamptz,
    is_active boolean not null default true,
    -- The latest try that succeeded, and since when there are failures alone.
    succeeded_at timestamptz,
    failing_since timestamptz,
    -- When the owner was told of it.
    warned_at timestamptz,
    disabled_at timestamptz,
    disabled_reason text constraint hook_disabled_reason_known check (disabled_reason in ('owner', 'failing', 'gone', 'account')),
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create index hook_of_owner on hook (owner_account, hook_id);
create index hook_of_hospital on hook (hospital_id);
create index hook_to_warn on hook (failing_since) where warned_at is null and is_active;

-- One event on its way to one hook. The body holds ids, states and times: the same bytes at each try.
create table hook_delivery (
    -- What receivers know it by (webhook-id).
    delivery_id uuid primary key,
    hook_id uuid not null references hook on delete cascade,
    owner_account uuid not null,
    event_id uuid not null,
    type text not null,
    body text not null,
    -- Sent by hand to see whether the address answers: tried once.
    is_test boolean not null default false,
    state text not null default 'waiting'
        constraint hook_delivery_state_known check (state in ('waiting', 'sent', 'failed', 'skipped')),
    -- Grows when a try begins: it says whose try a result belongs to.
    attempts integer not null default 0,
    -- The tries of before it was sent again; waits grow with those since.
    retried_after integer not null default 0,
    next_attempt_at timestamptz not null,
    -- While a try is under way: until when nobody else may begin one.
    leased_until timestamptz,
    -- Of the latest try: the answer's status, how long it took, our code. Never what was answered.
    status integer,
    ms integer,
    error text,
    created_at timestamptz not null,
    -- When the first try began since it was made, or sent again.
    first_at timestamptz,
    tried_at timestamptz,
    settled_at timestamptz,
    constraint hook_delivery_once unique (hook_id, event_id)
);

create index hook_delivery_due on hook_delivery (hook_id, next_attempt_at, delivery_id) where state = 'waiting';
-- What is being tried, of whom.
create index hook_delivery_in_flight on hook_delivery (leased_until) where state = 'waiting' and leased_until is not null;
create index hook_delivery_of_hook on hook_delivery (hook_id, created_at desc, delivery_id desc);
create index hook_delivery_by_age on hook_delivery (created_at) where state <> 'waiting';

alter table hook enable row level security;
alter table hook force row level security;
alter table hook_delivery enable row level security;
alter table hook_delivery force row level security;

create policy hook_of_owner on hook
    using (owner_account = (select praxis_account()) or (select praxis_role()) = 'service');
create policy hook_delivery_of_owner on hook_delivery
    using (owner_account = (select praxis_account()) or (select praxis_role()) = 'service');

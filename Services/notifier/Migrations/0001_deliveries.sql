-- What is to be brought to whom: ids and kinds alone. What a message says is asked of its owner when it is written.
create table delivery (
    delivery_id uuid primary key,
    event_id uuid not null,
    kind text not null,
    channel text not null constraint delivery_channel_known check (channel in ('email', 'sms', 'in_app', 'webhook')),
    account_id uuid not null,
    state text not null default 'waiting'
        constraint delivery_state_known check (state in ('waiting', 'sent', 'failed', 'dead')),
    -- Grows when a try begins, not when it ends: it says whose try a result belongs to, and a message that kills its
    -- sender is counted too.
    attempts integer not null default 0 constraint delivery_attempts_count check (attempts >= 0),
    -- While a try is under way: the end of its lease, after which it counts as crashed.
    next_attempt_at timestamptz not null,
    -- Chosen once, so that a repeated mail is known as the same by whoever gets it.
    message_id text not null,
    -- A code of ours or the provider's number; never its sentence.
    last_error text,
    traceparent text,
    created_at timestamptz not null,
    settled_at timestamptz,
    constraint delivery_once unique (event_id, kind, channel, account_id)
);

create index delivery_due on delivery (next_attempt_at, delivery_id) where state = 'waiting';
create index delivery_by_state on delivery (state, created_at desc, delivery_id desc);

-- Each channel has a queue of its own, and an operator may send again what was given up.
alter table delivery
    -- When what it is about happened; null in rows of before.
    add column occurred_at timestamptz,
    -- When the latest try began.
    add column tried_at timestamptz,
    -- While a try is under way: until when nobody else may begin one.
    add column leased_until timestamptz,
    -- When an operator sent it again: its life begins anew there.
    add column retried_at timestamptz,
    -- The tries of before that; waits grow with those since.
    add column retried_after integer not null default 0;

-- A provider of texts that is away must not hold up mail.
create index delivery_due_by_channel on delivery (channel, next_attempt_at, delivery_id) where state = 'waiting';
drop index delivery_due;

-- Administrators' lists, the newest first.
create index delivery_by_age on delivery (created_at desc, delivery_id desc);
create index delivery_by_kind on delivery (kind, created_at desc, delivery_id desc);
create index delivery_by_channel on delivery (channel, created_at desc, delivery_id desc);
create index delivery_settled on delivery (settled_at) where settled_at is not null;

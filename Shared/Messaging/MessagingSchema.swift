/// The tables messaging needs in a service's own schema; the chassis makes them as a migration of its own, so the text
/// is never edited, only followed by another.
package enum MessagingSchema {
    /// Writers wake the relay of their own process: `NOTIFY` holds a lock that all committing transactions wait for.
    package static let unnotified = """
        drop trigger outbox_nudge on outbox;
        drop function outbox_nudge();
        """

    /// Which events were published live. All that are there already were, with their entry in the stream.
    package static let live = """
        alter table outbox add column is_live boolean not null default true;
        alter table outbox alter column is_live set default false;
        create index outbox_unpublished on outbox (position) where not is_live;
        """

    /// Which dead letters an operator wants handled again, and an index for those that are deleted by age.
    package static let retries = """
        alter table dead_letter add column retry_at timestamptz;
        create index dead_letter_by_age on dead_letter (died_at);
        """

    package static let sql = """
        -- Facts leave the service only after they were committed with the state they tell of: the outbox is the truth, Redis is how it travels.
        create table outbox (
            position bigint generated always as identity primary key,
            event_id uuid not null unique,
            type text not null,
            subject text not null,
            envelope text not null,
            recorded_at timestamptz not null default clock_timestamp(),
            -- The entry's id in the Redis stream, once it is there: what the stream lost is found by comparing.
            stream_ms bigint,
            stream_seq bigint
        );

        create index outbox_waiting on outbox (position) where stream_ms is null;
        create index outbox_sent on outbox (stream_ms desc, stream_seq desc) where stream_ms is not null;

        create function outbox_nudge() returns trigger language plpgsql as $$
        begin
            perform pg_notify('outbox_' || tg_table_schema, '');
            return null;
        end
        $$;

        create trigger outbox_nudge after insert on outbox for each statement execute function outbox_nudge();

        -- What this service has done about events of others: written in the transaction of the effect, so that twice delivered is once done.
        create table handled (
            consumer text not null,
            event_id uuid not null,
            handled_at timestamptz not null default clock_timestamp(),
            primary key (consumer, event_id)
        );

        create index handled_by_age on handled (handled_at);

        -- Events that could not be handled after bounded tries, with the reason; an operator replays or drops them.
        create table dead_letter (
            consumer text not null,
            event_id uuid not null,
            source text not null,
            type text not null,
            envelope text not null,
            reason text not null,
            tries integer not null,
            died_at timestamptz not null default clock_timestamp(),
            primary key (consumer, event_id)
        );
        """
}

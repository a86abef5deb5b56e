-- Slots: computed from the doctor's hours for everybody who asks, never stored. PostgreSQL alone turns local times
-- into moments.

-- What one patient's slots leave out.
create index claim_of_patient_account on claim (patient_account_id, starts) include (ends, held_until)
    where patient_account_id is not null;

-- A doctor's windows of these days, as local times: the weekday's, unless the day is closed or has hours of its own.
create function open_windows(of_doctor uuid, first_day date, last_day date)
returns table (opens timestamp, closes timestamp) language sql stable as $$
    select d.day + w.opens, d.day + w.closes
    from (select generate_series(first_day::timestamp, last_day::timestamp, interval '1 day')::date) d (day)
    join weekly_hours w on w.doctor_id = of_doctor and w.weekday = extract(isodow from d.day)
    where not exists (select from schedule_exception e where e.doctor_id = of_doctor and e.day = d.day)
    union all
    select e.day + h.opens, e.day + h.closes
    from schedule_exception e join exception_hours h using (exception_id)
    where e.doctor_id = of_doctor and e.kind = 'hours' and e.day between first_day and last_day
$$;

-- The time a doctor works on these days, without the time off.
create function working_time(of_doctor uuid, first_day date, last_day date)
returns tstzmultirange language sql stable as $$
    select coalesce(
            (select range_agg(tstzrange(w.opens at time zone s.timezone, w.closes at time zone s.timezone))
                from open_windows(of_doctor, first_day, last_day) w),
            '{}')
        - coalesce(
            (select range_agg(e.during) from schedule_exception e where e.doctor_id = of_doctor and e.kind = 'away'),
            '{}')
    from schedule s where s.doctor_id = of_doctor
$$;

-- The free slots of these days, dates in the doctor's zone, both included; notice and horizon count from `asked_at`. For a
-- patient (an account) without what overlaps their own time; their own hold stays, with its id.
-- A start that the clocks skip is no moment of that name; one that they repeat is offered once, as the later. Where the
-- clocks go forward within a slot, the next start on the grid lies inside it and is left out. Claims are read by plain
-- columns: operators of ranges are not leakproof, and their indexes ten times slower.
create function free_slots(of_doctor uuid, first_day date, last_day date, asked_at timestamptz, for_account uuid)
returns table (starts timestamptz, ends timestamptz, local_start timestamp, hold_id uuid) language sql stable as $$
    with rule as (
        select s.timezone, make_interval(mins => s.slot_minutes) as length,
            make_interval(mins => s.buffer_minutes) as buffer,
            asked_at + make_interval(mins => s.minimum_notice_minutes) as earliest,
            asked_at + s.horizon_days * interval '24 hours' as latest
        from schedule s where s.doctor_id = of_doctor
    ), candidate as (
        select l as local_start, l at time zone r.timezone as starts, (l at time zone r.timezone) + r.length as ends,
            r.buffer, r.earliest, r.latest
        from rule r, open_windows(of_doctor, first_day, last_day) w,
            generate_series(w.opens, w.closes - r.length, r.length + r.buffer) l
        where (l at time zone r.timezone) at time zone r.timezone = l
            and (l at time zone r.timezone) + r.length <= w.closes at time zone r.timezone
    ), apart as (
        select c.*, lag(c.ends + c.buffer) over (order by c.starts) as previous_end from candidate c
    ), busy as (
        select range_agg(b.taken) as times from (
            select tstzrange(c.starts, c.busy_until) as taken from claim c
            where c.doctor_id = of_doctor and c.held_until > statement_timestamp()
                and c.starts >= (first_day - 2)::timestamp at time zone 'UTC'
                and c.starts < (last_day + 3)::timestamp at time zone 'UTC'
            union all
            select e.during from schedule_exception e where e.doctor_id = of_doctor and e.kind = 'away') b
    ), own as (
        select c.claim_id, c.kind, c.doctor_id, c.starts, c.ends from claim c
        where c.patient_account_id = for_account and c.held_until > statement_timestamp()
            and c.starts >= (first_day - 2)::timestamp at time zone 'UTC'
            and c.starts < (last_day + 3)::timestamp at time zone 'UTC'
    )
    select a.starts, a.ends, a.local_start, h.claim_id
    from apart a cross join busy b
    left join own h
        on h.doctor_id = of_doctor and h.kind <> 'appointment' and h.starts = a.starts and h.ends = a.ends
    where a.starts between a.earliest and a.latest and (a.previous_end is null or a.previous_end <= a.starts)
        and (h.claim_id is not null
            or (b.times is null or not tstzrange(a.starts, a.ends + a.buffer) && b.times)
                and not exists (select from own o where o.starts < a.ends and o.ends > a.starts))
    order by a.starts
$$;

-- Advice about symptoms: question and answer sealed under the key of the account that asked; where the answer came from, why no
-- model was heard, and how long it took stand in the clear, for the statistics.
create table advice (
    advice_id uuid primary key,
    account_id uuid not null constraint advice_data_key references data_key (owner_id),
    sealed bytea not null,
    source text not null constraint advice_source_known check (source in ('model', 'cache', 'offline')),
    fault text,
    milliseconds integer not null constraint advice_time_counts check (milliseconds >= 0),
    created_at timestamptz not null
);
create index advice_of_account on advice (account_id, advice_id);

-- How often a medicine was named and a rule left one out, by anybody: no row says whose it was.
create table advice_count (
    kind text not null constraint advice_count_kind_known check (kind in ('medicine', 'excluded')),
    name text not null,
    count bigint not null constraint advice_count_counts check (count > 0),
    primary key (kind, name)
);

alter table advice enable row level security;
alter table advice force row level security;
alter table advice_count enable row level security;
alter table advice_count force row level security;

create policy data_key_of_account on data_key using (owner_id = (select praxis_account()));
-- An administrator counts rows whose seal they have no key for.
create policy advice_read on advice for select
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'admin');
create policy advice_added on advice for insert with check (account_id = (select praxis_account()));
create policy advice_counted on advice_count using (true);

-- How often a name was tried in a row, whether or not an account has it: what a guesser waits by.
create table login_attempt (
    -- A keyed digest of what was typed as email or username.
    subject bytea primary key,
    failures int not null,
    last_at timestamptz not null,
    not_before timestamptz not null
);

create index login_attempt_age on login_attempt (last_at);

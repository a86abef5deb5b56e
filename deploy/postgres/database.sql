-- Inside the database: a schema per service, which its two roles alone may enter, and the extensions all may use.
revoke all on schema public from public;
grant usage on schema public to public;

create extension if not exists btree_gist;
create extension if not exists citext;
create extension if not exists cube;
create extension if not exists earthdistance;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

select statement
from unnest(string_to_array(:'services', ',')) as service,
    unnest(array[
        format('create schema if not exists %1$I authorization %1$s_owner', service),
        format('grant usage on schema %1$I to %1$I', service),
        format('alter role %1$I set search_path = %1$I, public', service),
        format('alter role %1$s_owner set search_path = %1$I, public', service),
        format(
            'alter default privileges for role %1$s_owner in schema %1$I'
                ' grant select, insert, update, delete on tables to %1$I',
            service),
        format('alter default privileges for role %1$s_owner in schema %1$I grant usage on sequences to %1$I', service)
    ]) as statement
\gexec

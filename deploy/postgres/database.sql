-- Inside the database: a schema per service, which its login owns, and the extensions all may use.
revoke all on schema public from public;
grant usage on schema public to public;

create extension if not exists btree_gist;
create extension if not exists citext;
create extension if not exists cube;
create extension if not exists earthdistance;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

select format('create schema if not exists %1$I authorization %1$I', service)
from unnest(string_to_array(:'services', ',')) as service
\gexec

-- Even `create schema if not exists`, with which migrations begin, asks for this right.
select format('grant create on database praxis to %I', service)
from unnest(string_to_array(:'services', ',')) as service
\gexec

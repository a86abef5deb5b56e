-- Doctors and hospitals are written seldom and searched often: what is new goes into the index of the search at once, and not
-- onto a list that each search reads from end to end until a vacuum empties it.
alter index doctor_search set (fastupdate = off);
alter index hospital_search set (fastupdate = off);
do $$
begin
    perform gin_clean_pending_list('doctor_search'), gin_clean_pending_list('hospital_search');
end
$$;

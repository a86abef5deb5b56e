-- Claims that hold no more, for the job that removes them.
create index claim_ended on claim (held_until) where held_until <> 'infinity';

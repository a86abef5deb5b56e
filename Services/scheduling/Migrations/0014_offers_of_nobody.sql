-- Live offers, for the job that hands on those whose entry has left or was booked.
create index claim_offered on claim (held_until) where kind = 'offer';

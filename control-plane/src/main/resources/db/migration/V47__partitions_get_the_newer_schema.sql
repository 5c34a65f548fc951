-- The schema "tenancy" of partitions has a version 2. Whoever prepares a partition brings it there; in ten minutes, as
-- instances of before, which know of no version 2, may still be running.
UPDATE job SET due_at = least(due_at, now() + interval '10 minutes') WHERE kind = 'partition';

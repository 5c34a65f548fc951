-- How many rows backfills have changed in a place; there is more to do while it waits.
ALTER TABLE rollout_step ADD COLUMN backfilled bigint NOT NULL DEFAULT 0;

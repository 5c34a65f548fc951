-- How tenants do: what the last round found, and since when.
CREATE TABLE tenant_health (
  tenant_id     uuid        PRIMARY KEY REFERENCES tenant (id),
  state         text        NOT NULL CHECK (state IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
  since         timestamptz NOT NULL, -- of the state
  leaning       text        CHECK (leaning IN ('worse', 'better', 'unknown')), -- away from the state
  leaning_since timestamptz,
  told          text        NOT NULL CHECK (told IN ('healthy', 'degraded', 'unhealthy')), -- in the audit trail
  score         integer     CHECK (score BETWEEN 0 AND 100),
  place         integer     NOT NULL GENERATED ALWAYS AS (coalesce(score, 101)) STORED, -- the worst first
  reason        text        NOT NULL,
  factors       jsonb       NOT NULL,
  kept_at       timestamptz NOT NULL, -- of the last row of the history
  kept_score    integer,
  usual_at      timestamptz,          -- the hour of which the next is true
  usual_millis  double precision,     -- 95 of 100 requests took no longer at this time of the day; null where it is not known
  CHECK ((leaning IS NULL) = (leaning_since IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX tenant_health_place_idx ON tenant_health (place, tenant_id);
CREATE INDEX tenant_health_state_idx ON tenant_health (state, place, tenant_id);

-- How they did: a row for each change, and one an hour.
CREATE TABLE tenant_health_history (
  tenant_id uuid        NOT NULL,
  at        timestamptz NOT NULL,
  state     text        NOT NULL,
  score     integer,
  reason    text, -- where the state changed
  PRIMARY KEY (tenant_id, at)
) PARTITION BY RANGE (at);

-- How far the round has come that is under way, and when the last one ended.
CREATE TABLE health_round (
  only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  after      uuid,
  started_at timestamptz,
  ended_at   timestamptz,
  tenants    integer     NOT NULL DEFAULT 0
);
INSERT INTO health_round DEFAULT VALUES;

-- Makes the partitions of the history for this month and the next, and drops those that are older
-- than is kept. With the owner's rights, as whoever serves requests makes no tables.
CREATE FUNCTION health_partitions(keep interval) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  begins timestamptz := date_trunc('month', now() - interval '2 days');
  part   text;
  old    record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('health_partitions'));
  WHILE begins <= now() + interval '3 days' LOOP
    part := 'tenant_health_history_' || to_char(begins, 'YYYYMM');
    IF to_regclass('public.' || part) IS NULL THEN
      EXECUTE format(
        'CREATE TABLE public.%I (LIKE public.tenant_health_history INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
      EXECUTE format(
        'ALTER TABLE public.tenant_health_history ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        part, begins, begins + interval '1 month');
    END IF;
    begins := begins + interval '1 month';
  END LOOP;
  FOR old IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'public.tenant_health_history'::regclass
       AND to_timestamp(substring(c.relname from '[0-9]+$'), 'YYYYMM') + interval '1 month' < now() - keep
  LOOP
    EXECUTE format('DROP TABLE public.%I', old.relname);
  END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION health_partitions FROM PUBLIC;

SELECT health_partitions(interval '92 days');

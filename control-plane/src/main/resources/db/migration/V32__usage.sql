-- What tenants did, as gateways report it: by the minute, and added up by the hour and by the day. Of
-- requests there is a number for each class of status, and for each range of response times.
CREATE TABLE usage_minute (
  at               timestamptz NOT NULL,
  tenant_id        uuid NOT NULL,
  route_id         uuid NOT NULL, -- zero where a request took none
  service          text NOT NULL,
  requests_0       bigint NOT NULL,
  requests_1       bigint NOT NULL,
  requests_2       bigint NOT NULL,
  requests_3       bigint NOT NULL,
  requests_4       bigint NOT NULL,
  requests_5       bigint NOT NULL,
  billable         bigint NOT NULL,
  limited          bigint NOT NULL,
  refused          bigint NOT NULL,
  bytes_in         bigint NOT NULL,
  bytes_out        bigint NOT NULL,
  websocket_millis bigint NOT NULL,
  micros           bigint NOT NULL,
  latency_00       bigint NOT NULL,
  latency_01       bigint NOT NULL,
  latency_02       bigint NOT NULL,
  latency_03       bigint NOT NULL,
  latency_04       bigint NOT NULL,
  latency_05       bigint NOT NULL,
  latency_06       bigint NOT NULL,
  latency_07       bigint NOT NULL,
  latency_08       bigint NOT NULL,
  latency_09       bigint NOT NULL,
  latency_10       bigint NOT NULL,
  latency_11       bigint NOT NULL,
  latency_12       bigint NOT NULL,
  latency_13       bigint NOT NULL,
  latency_14       bigint NOT NULL,
  latency_15       bigint NOT NULL,
  latency_16       bigint NOT NULL,
  latency_17       bigint NOT NULL,
  latency_18       bigint NOT NULL,
  latency_19       bigint NOT NULL,
  latency_20       bigint NOT NULL,
  latency_21       bigint NOT NULL,
  PRIMARY KEY (tenant_id, at, route_id, service)
) PARTITION BY RANGE (at);
CREATE INDEX usage_minute_at_idx ON usage_minute (at);

CREATE TABLE usage_hour (LIKE usage_minute INCLUDING ALL) PARTITION BY RANGE (at);
CREATE TABLE usage_day (LIKE usage_minute INCLUDING ALL) PARTITION BY RANGE (at);

-- Hours and days that are to be added up again.
CREATE TABLE usage_due (
  step text        NOT NULL CHECK (step IN ('hour', 'day')),
  at   timestamptz NOT NULL,
  PRIMARY KEY (step, at)
);

-- What counts for quotas. Months are calendar months in UTC.
CREATE TABLE usage_month (
  tenant_id uuid   NOT NULL REFERENCES tenant (id),
  month     date   NOT NULL,
  requests  bigint NOT NULL,
  bytes     bigint NOT NULL,
  PRIMARY KEY (month, tenant_id)
);
CREATE INDEX usage_month_tenant_idx ON usage_month (tenant_id);

-- How much of a quota was used, when somebody was told.
CREATE TABLE usage_alert (
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  month      date        NOT NULL,
  quota      text        NOT NULL CHECK (quota IN ('requestsPerMonth', 'bandwidthGbPerMonth')),
  percent    int         NOT NULL CHECK (percent IN (80, 100)),
  reached_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, month, quota, percent)
);

-- The last report of each run of a gateway: what is handed in again is not counted again.
CREATE TABLE usage_report (
  gateway  text        NOT NULL,
  run      uuid        NOT NULL,
  sequence bigint      NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway, run)
);

-- Times of which a gateway's counts are missing.
CREATE TABLE usage_lost (
  gateway    text        NOT NULL,
  run        uuid        NOT NULL, -- of the run that said so
  sequence   bigint      NOT NULL,
  starts_at  timestamptz NOT NULL,
  ends_at    timestamptz NOT NULL,
  reason     text        NOT NULL CHECK (reason IN ('killed', 'no-room', 'unreadable')),
  PRIMARY KEY (gateway, run, sequence)
);
CREATE INDEX usage_lost_idx ON usage_lost (ends_at);

-- Makes the partitions that reports of the coming days go into, and drops those that are older than
-- is kept: of minutes there is one for each day, of hours one for each month, of days one for each
-- year. With the owner's rights, as whoever serves requests makes no tables.
CREATE FUNCTION usage_partitions(keep_minutes interval, keep_hours interval, keep_days interval)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
  kind    record;
  begins  timestamptz;
  part    text;
  old     record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('usage_partitions'));
  FOR kind IN
    SELECT * FROM (VALUES
      ('usage_minute', 'day', interval '1 day', 'YYYYMMDD', keep_minutes),
      ('usage_hour', 'month', interval '1 month', 'YYYYMM', keep_hours),
      ('usage_day', 'year', interval '1 year', 'YYYY', keep_days)
    ) AS kinds (parent, unit, step, pattern, keep)
  LOOP
    begins := date_trunc(kind.unit, now() - interval '2 days');
    WHILE begins <= now() + interval '3 days' LOOP
      part := kind.parent || '_' || to_char(begins, kind.pattern);
      IF to_regclass('public.' || part) IS NULL THEN
        EXECUTE format(
          'CREATE TABLE public.%I (LIKE public.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, kind.parent);
        EXECUTE format(
          'ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
          kind.parent, part, begins, begins + kind.step);
      END IF;
      begins := begins + kind.step;
    END LOOP;
    FOR old IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = ('public.' || kind.parent)::regclass
         AND to_timestamp(
               substring(c.relname from '[0-9]+$'), kind.pattern) + kind.step < now() - kind.keep
    LOOP
      EXECUTE format('DROP TABLE public.%I', old.relname);
    END LOOP;
  END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION usage_partitions FROM PUBLIC;

SELECT usage_partitions(interval '48 hours', interval '92 days', interval '1100 days');

-- The monthly quotas of tenants, their own or their plan's; null where there is none.
CREATE VIEW tenant_quota AS
SELECT t.id AS tenant_id,
       coalesce(
         (t.document #>> '{limits,requestsPerMonth}')::numeric,
         (p.document #>> '{limits,requestsPerMonth}')::numeric) AS requests,
       coalesce(
         (t.document #>> '{limits,bandwidthGbPerMonth}')::numeric,
         (p.document #>> '{limits,bandwidthGbPerMonth}')::numeric) * 1000000000 AS bytes
  FROM tenant t
  LEFT JOIN plan p ON p.name = t.plan
 WHERE t.status <> 'deleted';

-- What each tenant did, a row a day: what growth, budgets and forecasts are read from, so that none
-- of them reads all routes. Of a tenant that is erased the rows stay under an id that is nobody's.
CREATE TABLE activity_day (
  tenant_id     uuid   NOT NULL,
  day           date   NOT NULL, -- UTC
  requests      bigint NOT NULL,
  billable      bigint NOT NULL,
  bytes         bigint NOT NULL,
  errors        bigint NOT NULL, -- answered with 5xx
  unanswered    bigint NOT NULL,
  informational bigint NOT NULL,
  within        bigint[],        -- how many took no longer than each bound of response times
  -- Growth is read from the index alone, in its order: from the rows, a year of 10,000 tenants took ten times as long.
  PRIMARY KEY (tenant_id, day) INCLUDE (requests, billable, bytes, errors)
);
CREATE INDEX activity_day_idx ON activity_day (day);

INSERT INTO activity_day
SELECT tenant_id, (at AT TIME ZONE 'UTC')::date,
       sum(requests_0 + requests_1 + requests_2 + requests_3 + requests_4 + requests_5),
       sum(billable), sum(bytes_in + bytes_out), sum(requests_5), sum(requests_0), sum(requests_1),
       ARRAY[
         sum(latency_00),
         sum(latency_00 + latency_01),
         sum(latency_00 + latency_01 + latency_02),
         sum(latency_00 + latency_01 + latency_02 + latency_03),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16 + latency_17),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16 + latency_17 + latency_18),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16 + latency_17 + latency_18 + latency_19),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16 + latency_17 + latency_18 + latency_19 + latency_20),
         sum(latency_00 + latency_01 + latency_02 + latency_03 + latency_04 + latency_05 + latency_06 + latency_07 + latency_08 + latency_09 + latency_10 + latency_11 + latency_12 + latency_13 + latency_14 + latency_15 + latency_16 + latency_17 + latency_18 + latency_19 + latency_20 + latency_21)
       ]::bigint[]
  FROM usage_day
 GROUP BY 1, 2;

-- Of the tenants that were made in a month, how many were active in a later one. Numbers only: they
-- stay when tenants are deleted.
CREATE TABLE activity_cohort (
  cohort date NOT NULL, -- the first day of the month in which they were made
  month  date NOT NULL,
  active bigint NOT NULL,
  PRIMARY KEY (cohort, month)
);
INSERT INTO activity_cohort
SELECT date_trunc('month', t.created_at AT TIME ZONE 'UTC')::date, m.month, count(*)
  FROM usage_month m
  JOIN tenant t ON t.id = m.tenant_id
 WHERE m.requests > 0
 GROUP BY 1, 2;

-- The objectives of tenants, their own or their plan's, value by value. The bound is how many bounds
-- of response times are not beyond what an objective says.
CREATE VIEW tenant_objective AS
SELECT said.tenant_id, o.objective, o.target, o.within_millis,
       CASE WHEN o.within_millis IS NOT NULL THEN width_bucket(
         o.within_millis::double precision,
         ARRAY[0.5, 1, 2, 3, 5, 7.5, 10, 15, 25, 50, 75, 100, 150, 250, 500, 750, 1000, 2500, 5000,
               10000, 30000]::double precision[]) END AS bound,
       coalesce(said.window_days, 30) AS window_days
  FROM (
    SELECT t.id AS tenant_id,
           coalesce(
             t.document #>> '{objectives,availability,target}',
             p.document #>> '{objectives,availability,target}')::double precision AS availability,
           coalesce(
             t.document #>> '{objectives,latency,target}',
             p.document #>> '{objectives,latency,target}')::double precision AS latency,
           coalesce(
             t.document #>> '{objectives,latency,withinMillis}',
             p.document #>> '{objectives,latency,withinMillis}')::int AS within_millis,
           coalesce(
             t.document #>> '{objectives,windowDays}',
             p.document #>> '{objectives,windowDays}')::int AS window_days
      FROM tenant t
      LEFT JOIN plan p ON p.name = t.plan
     WHERE t.status <> 'deleted'
       AND (t.document ? 'objectives' OR p.document ? 'objectives')
  ) said
 CROSS JOIN LATERAL (VALUES
         ('availability', said.availability, NULL::int),
         ('latency', said.latency, said.within_millis)
       ) AS o (objective, target, within_millis)
 WHERE o.target IS NOT NULL
   AND (o.objective = 'availability' OR o.within_millis IS NOT NULL);

-- How much of their error budgets is left, as it was computed last.
CREATE TABLE error_budget (
  tenant_id     uuid             NOT NULL REFERENCES tenant (id),
  objective     text             NOT NULL CHECK (objective IN ('availability', 'latency')),
  target        double precision NOT NULL, -- percent
  within_millis int,
  bound         int,
  window_days   int              NOT NULL,
  valid         bigint           NOT NULL,
  bad           bigint           NOT NULL,
  remaining     double precision NOT NULL, -- of the budget; below 0 where more was spent
  burn_1h       double precision NOT NULL,
  burn_6h       double precision NOT NULL,
  burn_3d       double precision NOT NULL,
  burning       boolean          NOT NULL, -- by a short and a long time alike
  cooled        boolean          NOT NULL, -- by both long times
  burning_since timestamptz,               -- since when somebody was told
  used_up_since timestamptz,
  computed_at   timestamptz      NOT NULL,
  PRIMARY KEY (tenant_id, objective)
);
CREATE INDEX error_budget_remaining_idx ON error_budget (remaining, tenant_id, objective);

-- When quotas of the current month will be used up, as it was computed last. The rank orders them:
-- those that end, the soonest first, then those that come closest.
CREATE TABLE quota_forecast (
  tenant_id     uuid             NOT NULL REFERENCES tenant (id),
  quota         text             NOT NULL CHECK (quota IN ('requestsPerMonth', 'bandwidthGbPerMonth')),
  month         date             NOT NULL,
  used          bigint           NOT NULL,
  most          bigint           NOT NULL,
  at_end        bigint           NOT NULL,
  used_up_at    timestamptz,
  method        text             NOT NULL CHECK (method IN ('weekdays', 'pace')),
  error_percent double precision,          -- of the same method, of the last seven days
  rank          double precision NOT NULL,
  computed_at   timestamptz      NOT NULL,
  PRIMARY KEY (tenant_id, quota)
);
CREATE INDEX quota_forecast_rank_idx ON quota_forecast (rank, tenant_id, quota);

CREATE INDEX tenant_transition_at_idx ON tenant_transition (at);

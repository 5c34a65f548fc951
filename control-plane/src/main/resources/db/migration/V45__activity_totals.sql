-- What all tenants of a plan did by the day, added up once: growth reads these few rows, and not a
-- row for each tenant and day. Numbers only: they stay when tenants are deleted, and when their days
-- are no longer kept.
CREATE TABLE activity_total (
  day          date   NOT NULL, -- UTC
  plan         text   NOT NULL, -- on which the tenants were when it ended; '' for none
  requests     bigint NOT NULL,
  bytes        bigint NOT NULL,
  errors       bigint NOT NULL, -- answered with 5xx
  active       bigint NOT NULL, -- tenants on this day
  since_monday bigint NOT NULL, -- tenants in its week up to it, each once
  since_first  bigint NOT NULL, -- in its month
  weekly       bigint NOT NULL, -- in seven days
  monthly      bigint NOT NULL, -- in 30 days
  PRIMARY KEY (day, plan)
);

-- Days that are to be added up again.
CREATE TABLE activity_due (day date PRIMARY KEY);
INSERT INTO activity_due
SELECT generate_series(min(day), (now() AT TIME ZONE 'UTC')::date, interval '1 day')::date
  FROM activity_day
HAVING min(day) IS NOT NULL;

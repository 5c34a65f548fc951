CREATE TABLE plan (
  name       text        CONSTRAINT plan_pkey PRIMARY KEY,
  document   jsonb       NOT NULL,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Tenants could name plans before there were any: such a plan sets nothing.
INSERT INTO plan (name, document)
SELECT DISTINCT document #>> '{billing,plan}', '{}'::jsonb
  FROM tenant
 WHERE document #>> '{billing,plan}' IS NOT NULL;

ALTER TABLE tenant
  ADD COLUMN plan text GENERATED ALWAYS AS (document #>> '{billing,plan}') STORED
             CONSTRAINT tenant_plan_fkey REFERENCES plan (name);
CREATE INDEX tenant_plan_idx ON tenant (plan, id) WHERE plan IS NOT NULL;

-- Who was on which plan from when to when: what is invoiced. It outlives the tenant, so that the
-- last period can be invoiced, and holds nothing personal.
CREATE TABLE subscription_period (
  tenant_id uuid        NOT NULL REFERENCES tenant (id),
  starts_at timestamptz NOT NULL,
  ends_at   timestamptz CHECK (ends_at >= starts_at),
  plan      text,
  status    text        NOT NULL,
  customer  jsonb       NOT NULL,
  PRIMARY KEY (tenant_id, starts_at)
);
CREATE UNIQUE INDEX subscription_period_open_key ON subscription_period (tenant_id)
  WHERE ends_at IS NULL;
CREATE INDEX subscription_period_end_idx ON subscription_period (ends_at, tenant_id);

INSERT INTO subscription_period (tenant_id, starts_at, plan, status, customer)
SELECT id, created_at, plan, status, coalesce(document -> 'billing', '{}') - 'email'
  FROM tenant
 WHERE status <> 'deleted';

-- By a trigger, so that no writer of tenants can forget it. The time is that of the statement, not
-- of its transaction's beginning: the tenant's row is locked by then, so periods never overlap.
CREATE FUNCTION keep_subscription_period() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  moment CONSTANT timestamptz := clock_timestamp();
  billed CONSTANT jsonb := coalesce(NEW.document -> 'billing', '{}') - 'email';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.plan IS NOT DISTINCT FROM OLD.plan AND NEW.status = OLD.status THEN
      UPDATE subscription_period SET customer = billed
       WHERE tenant_id = NEW.id AND ends_at IS NULL;
      RETURN NULL;
    END IF;
    UPDATE subscription_period SET ends_at = moment
     WHERE tenant_id = NEW.id AND ends_at IS NULL;
  END IF;
  IF NEW.status <> 'deleted' THEN
    INSERT INTO subscription_period (tenant_id, starts_at, plan, status, customer)
    VALUES (NEW.id, moment, NEW.plan, NEW.status, billed);
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER tenant_subscription_period
  AFTER INSERT OR UPDATE OF document, status ON tenant
  FOR EACH ROW EXECUTE FUNCTION keep_subscription_period();

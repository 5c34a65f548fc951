-- What gateways prove hosts with: uploaded, or ordered for a domain (ACME). Private keys are sealed with
-- the master key. Those without a tenant are the platform's.
CREATE TABLE certificate (
  id          uuid        PRIMARY KEY,
  tenant_id   uuid        REFERENCES tenant (id),
  host        text, -- for which it was ordered; none if it was uploaded
  chain       text        NOT NULL,
  private_key bytea       NOT NULL,
  set_at      timestamptz NOT NULL,
  not_after   timestamptz NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT certificate_host_key UNIQUE (tenant_id, host)
);
CREATE INDEX certificate_tenant_idx ON certificate (tenant_id, id);

-- With whom certificates are ordered: one account for all instances.
CREATE TABLE acme_account (
  id          uuid        PRIMARY KEY,
  directory   text        NOT NULL CONSTRAINT acme_account_directory_key UNIQUE,
  private_key bytea       NOT NULL,
  location    text        NOT NULL,
  set_at      timestamptz NOT NULL DEFAULT now()
);

-- Orders of certificates: what is under way, and how often it failed in a row. One a host.
CREATE TABLE certificate_order (
  id          uuid        PRIMARY KEY,
  tenant_id   uuid        NOT NULL REFERENCES tenant (id),
  host        text        NOT NULL,
  location    text, -- of the order that is under way
  revision    bigint, -- at which gateways know the answers to its challenges
  private_key bytea,
  set_at      timestamptz,
  ordered_at  timestamptz,
  failures    integer     NOT NULL DEFAULT 0,
  CONSTRAINT certificate_order_key UNIQUE (tenant_id, host)
);
CREATE INDEX certificate_order_time_idx ON certificate_order (ordered_at);

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- A deleted tenant keeps its row, so that its slug is never given to another.
CREATE TABLE tenant (
  id            uuid        PRIMARY KEY,
  slug          text        NOT NULL CONSTRAINT tenant_slug_key UNIQUE,
  name          text        NOT NULL,
  status        text        NOT NULL
                CHECK (status IN ('pending', 'active', 'suspended', 'archived', 'deleted')),
  status_reason text,
  document      jsonb       NOT NULL,
  version       bigint      NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tenant_status_idx ON tenant (status, id);
CREATE INDEX tenant_search_idx ON tenant USING gin (slug gin_trgm_ops, name gin_trgm_ops);

CREATE TABLE domain (
  host       text        CONSTRAINT domain_pkey PRIMARY KEY,
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX domain_tenant_idx ON domain (tenant_id, host);

CREATE TABLE service (
  name       text        CONSTRAINT service_pkey PRIMARY KEY,
  document   jsonb       NOT NULL,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE route (
  id          uuid        PRIMARY KEY,
  hosts       text        NOT NULL CHECK (hosts IN ('any', 'subdomain', 'custom')),
  path_prefix text        NOT NULL,
  methods     text[]      NOT NULL, -- sorted
  service     text        NOT NULL CONSTRAINT route_service_fkey REFERENCES service (name),
  version     bigint      NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT route_match_key UNIQUE (hosts, path_prefix, methods)
);
CREATE INDEX route_service_idx ON route (service);

-- Of tokens and keys only SHA-256 hashes are kept.
CREATE TABLE api_key (
  id         text        PRIMARY KEY,
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  hash       bytea       NOT NULL,
  subject    text        NOT NULL,
  roles      text[]      NOT NULL,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX api_key_tenant_idx ON api_key (tenant_id, id);

CREATE TABLE access_token (
  id         text        PRIMARY KEY,
  kind       text        NOT NULL CHECK (kind IN ('operator', 'gateway')),
  name       text        NOT NULL,
  hash       bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The answer is null only within the transaction that takes the key.
CREATE TABLE idempotency_key (
  caller      text        NOT NULL,
  key         text        NOT NULL,
  fingerprint bytea       NOT NULL,
  answer      bytea,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_key_age_idx ON idempotency_key (created_at);

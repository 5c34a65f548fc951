-- What the gateway proves itself with where it logs users in. It is sealed with the master key, and
-- stands beside the document, which is shown.
ALTER TABLE identity_provider
  ADD COLUMN client_secret bytea,
  ADD COLUMN client_secret_set_at timestamptz,
  ADD CONSTRAINT identity_provider_client_secret_check
    CHECK ((client_secret IS NULL) = (client_secret_set_at IS NULL));

-- The authorities whose certificates prove to a tenant who calls.
CREATE TABLE client_authority (
  id         uuid        PRIMARY KEY,
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  document   jsonb       NOT NULL,
  name       text        NOT NULL GENERATED ALWAYS AS (document ->> 'name') STORED,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT client_authority_name_key UNIQUE (tenant_id, name)
);
CREATE INDEX client_authority_tenant_idx ON client_authority (tenant_id, id);

-- What a tenant has one of at most: the server that is asked about tokens, and the service that
-- decides about requests.
CREATE TABLE identity_setting (
  tenant_id            uuid        NOT NULL REFERENCES tenant (id),
  kind                 text        NOT NULL CHECK (kind IN ('introspection', 'forward-auth')),
  document             jsonb       NOT NULL,
  client_secret        bytea,
  client_secret_set_at timestamptz,
  version              bigint      NOT NULL DEFAULT 1,
  created_at           timestamptz NOT NULL DEFAULT now(),
  updated_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, kind),
  CONSTRAINT identity_setting_client_secret_check
    CHECK ((client_secret IS NULL) = (client_secret_set_at IS NULL))
);

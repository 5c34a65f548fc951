-- The issuers whose JWTs a tenant accepts. What is revoked stands beside the document, since a change
-- of the document does not change it.
CREATE TABLE identity_provider (
  id               uuid        PRIMARY KEY,
  tenant_id        uuid        NOT NULL REFERENCES tenant (id),
  document         jsonb       NOT NULL,
  name             text        NOT NULL GENERATED ALWAYS AS (document ->> 'name') STORED,
  issuer           text        NOT NULL GENERATED ALWAYS AS (document ->> 'issuer') STORED,
  valid_from       timestamptz,
  revoked_subjects jsonb       NOT NULL DEFAULT '{}', -- when, by subject
  version          bigint      NOT NULL DEFAULT 1,
  created_at       timestamptz NOT NULL DEFAULT now(),
  updated_at       timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT identity_provider_name_key UNIQUE (tenant_id, name),
  CONSTRAINT identity_provider_issuer_key UNIQUE (tenant_id, issuer)
);
CREATE INDEX identity_provider_tenant_idx ON identity_provider (tenant_id, id);

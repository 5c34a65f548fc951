-- Where a tenant holds the key itself that the tenant's keysets are wrapped by, besides the platform's. Not
-- that key: what it has made of the one that wraps them, which is nothing without it.
CREATE TABLE customer_key (
  tenant_id    uuid        PRIMARY KEY REFERENCES tenant (id),
  id           uuid        NOT NULL, -- names the key that wraps, also within what it wraps
  document     jsonb       NOT NULL,
  token        bytea       NOT NULL,
  token_set_at timestamptz NOT NULL,
  wrapped      text        NOT NULL,
  answered_at  timestamptz NOT NULL, -- when it was last within reach, of any instance
  reason       text,                 -- why it is withheld
  version      bigint      NOT NULL DEFAULT 1,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now()
);

-- What a new keyset must be wrapped by is read with the tenant locked, and so stands there.
ALTER TABLE tenant
  ADD COLUMN customer_key    uuid,
  ADD COLUMN key_withheld_at timestamptz; -- since when; the tenant is not served then

-- A domain is a tenant's claim to a host. Several tenants may claim one; that only one of them has it
-- is for the unique index to see to. A wildcard is the host '*.parent'.
DROP INDEX domain_tenant_idx;
ALTER TABLE domain
  DROP CONSTRAINT domain_pkey,
  ADD CONSTRAINT domain_pkey PRIMARY KEY (tenant_id, host),
  ADD COLUMN role               text NOT NULL DEFAULT 'alias'
                                CHECK (role IN ('primary', 'alias', 'redirect')),
  ADD COLUMN redirect_status    integer CHECK (redirect_status IN (301, 308)),
  ADD COLUMN token              text,
  ADD COLUMN ownership          text NOT NULL DEFAULT 'verified'
                                CHECK (ownership IN ('pending', 'verified', 'failed', 'lost')),
  ADD COLUMN ownership_reason   text,
  ADD COLUMN proved_by          text CHECK (proved_by IN ('dns', 'http', 'none')),
  ADD COLUMN attempts           integer NOT NULL DEFAULT 0,
  ADD COLUMN ownership_since    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN checked_at         timestamptz,
  ADD COLUMN next_check_at      timestamptz,
  ADD COLUMN failing_since      timestamptz,
  ADD COLUMN pointed            boolean NOT NULL DEFAULT false,
  ADD COLUMN asked_at           timestamptz,
  ADD COLUMN certificate        text NOT NULL DEFAULT 'none'
                                CHECK (certificate IN ('none', 'pending', 'issued', 'failed', 'expired')),
  ADD COLUMN certificate_reason text NOT NULL DEFAULT 'No certificate is asked for yet.',
  ADD COLUMN version            bigint NOT NULL DEFAULT 1;

-- Domains of before are served already: an operator has vouched for them.
UPDATE domain
   SET proved_by = 'none',
       token = replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');

ALTER TABLE domain
  ALTER COLUMN token SET NOT NULL,
  ALTER COLUMN ownership DROP DEFAULT,
  ADD CONSTRAINT domain_proof_check CHECK (ownership <> 'verified' OR proved_by IS NOT NULL);

CREATE UNIQUE INDEX domain_verified_key ON domain (host) WHERE ownership = 'verified';
CREATE UNIQUE INDEX domain_primary_key ON domain (tenant_id) WHERE role = 'primary';

-- Who had a host last. It leads to the platform perhaps still, so that an answer of the host itself
-- proves nothing for anybody else.
CREATE TABLE former_domain (
  host      text        CONSTRAINT former_domain_pkey PRIMARY KEY,
  tenant_id uuid        NOT NULL REFERENCES tenant (id),
  left_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX former_domain_age_idx ON former_domain (left_at);

-- Slugs that tenants had before they were renamed: their subdomains lead to the new ones for a while,
-- and nobody else may have them.
CREATE TABLE former_slug (
  slug      text        CONSTRAINT former_slug_pkey PRIMARY KEY,
  tenant_id uuid        NOT NULL REFERENCES tenant (id),
  kept_until timestamptz NOT NULL
);
CREATE INDEX former_slug_tenant_idx ON former_slug (tenant_id, kept_until);

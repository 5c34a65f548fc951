-- PostgreSQL databases that can hold tenants. The passwords are sealed with the master key.
CREATE TABLE partition (
  name           text        PRIMARY KEY,
  document       jsonb       NOT NULL,
  admin_password bytea       NOT NULL,
  app_password   bytea       NOT NULL, -- of the role with which applications serve tenants who share
  prepared_at    timestamptz, -- when all was there that tenants need
  server_version text,
  version        bigint      NOT NULL DEFAULT 1,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now()
);

-- What database tokens are minted with: put into the partition, then given to the gateways, and taken
-- out of the partition when the last token of its has ended. Sealed with the master key.
CREATE TABLE partition_key (
  id         text        PRIMARY KEY,
  partition  text        NOT NULL REFERENCES partition (name) ON DELETE CASCADE,
  secret     bytea       NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  mints_from timestamptz, -- none until it is in the partition
  ends_at    timestamptz  -- when nobody has a token of it any more; none while it is the newest
);
CREATE INDEX partition_key_partition_idx ON partition_key (partition);

-- Where the data of tenants are. The password of a role of its own is sealed with the tenant's keys.
CREATE TABLE placement (
  tenant_id  uuid        PRIMARY KEY REFERENCES tenant (id),
  partition  text        NOT NULL CONSTRAINT placement_partition_fkey REFERENCES partition (name),
  strategy   text        NOT NULL CHECK (strategy IN ('shared', 'schema', 'database')),
  state      text        NOT NULL CHECK (state IN ('placing', 'placed', 'removing')),
  password   bytea,
  set_at     timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  placed_at  timestamptz
);
CREATE INDEX placement_partition_idx ON placement (partition, strategy);

CREATE TABLE placement_policy (
  only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
  document   jsonb       NOT NULL,
  version    bigint      NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO placement_policy (document) VALUES ('{"rules": [{"strategy": "shared"}]}');

-- Applications have tokens of their own.
ALTER TABLE access_token
  DROP CONSTRAINT access_token_role_check,
  ADD CONSTRAINT access_token_role_check
    CHECK (role IN ('admin', 'operator', 'support', 'auditor', 'application'));
ALTER TABLE platform_user
  DROP CONSTRAINT platform_user_platform_role_check,
  ADD CONSTRAINT platform_user_platform_role_check
    CHECK (platform_role IN ('admin', 'operator', 'support', 'auditor', 'application'));

-- An operator's token has a role, and may be narrowed; a gateway's has none.
ALTER TABLE access_token
  ADD COLUMN role         text CHECK (role IN ('admin', 'operator', 'support', 'auditor')),
  ADD COLUMN scopes       text[],
  ADD COLUMN expires_at   timestamptz,
  ADD COLUMN last_used_at timestamptz;

UPDATE access_token SET role = 'admin' WHERE kind = 'operator';

ALTER TABLE access_token
  ADD CONSTRAINT access_token_role_of_kind CHECK ((kind = 'operator') = (role IS NOT NULL));

ALTER TABLE api_key
  ADD COLUMN scopes       text[]      NOT NULL DEFAULT '{}',
  ADD COLUMN last_used_at timestamptz;

-- People, known by an identity provider.
CREATE TABLE platform_user (
  id            uuid        PRIMARY KEY,
  issuer        text        NOT NULL,
  subject       text        NOT NULL,
  email         text        NOT NULL, -- in lower case
  display_name  text        NOT NULL,
  platform_role text        CHECK (platform_role IN ('admin', 'operator', 'support', 'auditor')),
  version       bigint      NOT NULL DEFAULT 1,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT platform_user_identity_key UNIQUE (issuer, subject)
);
CREATE INDEX platform_user_email_idx ON platform_user (email);

CREATE TABLE user_token (
  id           text        PRIMARY KEY,
  user_id      uuid        NOT NULL CONSTRAINT user_token_user_fkey
                           REFERENCES platform_user (id) ON DELETE CASCADE,
  name         text        NOT NULL,
  hash         bytea       NOT NULL,
  scopes       text[],
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX user_token_user_idx ON user_token (user_id, id);

-- Roles that a tenant has made for itself, beside those that every tenant has.
CREATE TABLE tenant_role (
  tenant_id   uuid        NOT NULL REFERENCES tenant (id),
  name        text        NOT NULL CHECK (name NOT IN ('owner', 'admin', 'member', 'auditor')),
  permissions text[]      NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_role_pkey PRIMARY KEY (tenant_id, name)
);

CREATE FUNCTION custom_role(role text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN role IN ('owner', 'admin', 'member', 'auditor') THEN NULL ELSE role END
$$;

CREATE TABLE membership (
  tenant_id   uuid        NOT NULL REFERENCES tenant (id),
  user_id     uuid        NOT NULL CONSTRAINT membership_user_fkey
                          REFERENCES platform_user (id) ON DELETE CASCADE,
  role        text        NOT NULL,
  custom_role text        GENERATED ALWAYS AS (custom_role(role)) STORED,
  version     bigint      NOT NULL DEFAULT 1,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT membership_pkey PRIMARY KEY (tenant_id, user_id),
  CONSTRAINT membership_role_fkey FOREIGN KEY (tenant_id, custom_role)
                                  REFERENCES tenant_role (tenant_id, name)
);
CREATE INDEX membership_user_idx ON membership (user_id, tenant_id);
CREATE INDEX membership_role_idx ON membership (tenant_id, role);

-- Whoever gives ownership up locks the tenant first, so that each sees what the one before has left.
CREATE FUNCTION keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM tenant WHERE id = OLD.tenant_id AND status <> 'deleted' FOR NO KEY UPDATE;
  IF FOUND AND NOT EXISTS (
    SELECT FROM membership WHERE tenant_id = OLD.tenant_id AND role = 'owner'
  ) THEN
    RAISE EXCEPTION 'tenant % would be left without an owner', OLD.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_last_owner';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER membership_owner_gone AFTER DELETE ON membership
  FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_an_owner();

CREATE TRIGGER membership_owner_demoted AFTER UPDATE OF role ON membership
  FOR EACH ROW WHEN (OLD.role = 'owner' AND NEW.role <> 'owner') EXECUTE FUNCTION keep_an_owner();

-- An invitation that was accepted or revoked is gone.
CREATE TABLE invitation (
  id          text        PRIMARY KEY,
  tenant_id   uuid        NOT NULL REFERENCES tenant (id),
  email       text        NOT NULL, -- in lower case
  role        text        NOT NULL,
  custom_role text        GENERATED ALWAYS AS (custom_role(role)) STORED,
  hash        bytea       NOT NULL,
  invited_by  uuid        REFERENCES platform_user (id) ON DELETE CASCADE, -- null: the platform
  expires_at  timestamptz NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invitation_email_key UNIQUE (tenant_id, email),
  CONSTRAINT invitation_role_fkey FOREIGN KEY (tenant_id, custom_role)
                                  REFERENCES tenant_role (tenant_id, name)
);
CREATE INDEX invitation_invited_by_idx ON invitation (invited_by);
CREATE INDEX invitation_tenant_idx ON invitation (tenant_id, id);

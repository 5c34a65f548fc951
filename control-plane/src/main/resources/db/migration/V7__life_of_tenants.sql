-- Open jobs. One that has ended is gone.
CREATE TABLE job (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind         text        NOT NULL,
  key          text        NOT NULL,
  tenant_id    uuid        REFERENCES tenant (id),
  payload      jsonb       NOT NULL,
  due_at       timestamptz NOT NULL,
  attempts     integer     NOT NULL DEFAULT 0,
  -- Counts who has had the job: only the last one may end it.
  lease        bigint      NOT NULL DEFAULT 0,
  leased_until timestamptz,
  last_error   text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT job_kind_key UNIQUE (kind, key)
);
CREATE INDEX job_due_idx ON job (due_at);
CREATE INDEX job_tenant_idx ON job (tenant_id) WHERE tenant_id IS NOT NULL;

-- Set when all is gone that a deleted tenant had, but its row and its history.
ALTER TABLE tenant ADD COLUMN erased_at timestamptz;

-- What became of tenants, when and why.
CREATE TABLE tenant_transition (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant_id   uuid        NOT NULL REFERENCES tenant (id),
  from_status text,       -- null where it was created
  to_status   text        NOT NULL,
  reason      text,
  actor       text        NOT NULL,
  at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tenant_transition_idx ON tenant_transition (tenant_id, id);

-- What is to become of tenants. A job under the same key does it when it is due.
CREATE TABLE tenant_schedule (
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  action     text        NOT NULL CHECK (action IN ('suspend', 'end-trial', 'archive', 'delete')),
  due_at     timestamptz NOT NULL,
  reason     text,
  refusal    text,       -- why it could not be done when it was due
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, action)
);

-- The steps by which a pending tenant becomes an active one.
CREATE TABLE provisioning_step (
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  name       text        NOT NULL,
  position   integer     NOT NULL,
  state      text        NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
  attempts   integer     NOT NULL DEFAULT 0,
  started_at timestamptz,
  ended_at   timestamptz,
  PRIMARY KEY (tenant_id, name)
);

-- One index for each order of a list, and for each filter that leaves few.
CREATE INDEX tenant_name_idx ON tenant (name, id);
CREATE INDEX tenant_updated_idx ON tenant (updated_at, id);
CREATE INDEX tenant_created_idx ON tenant (created_at);
CREATE INDEX tenant_slug_prefix_idx ON tenant (slug text_pattern_ops);
CREATE INDEX tenant_name_prefix_idx ON tenant (lower(name) text_pattern_ops);

-- Imports of many tenants. The same job takes them further, and forgets them in the end.
CREATE TABLE tenant_import (
  id         uuid        PRIMARY KEY,
  state      text        NOT NULL CHECK (state IN ('receiving', 'running', 'done', 'cancelled')),
  dry_run    boolean     NOT NULL,
  actor      text        NOT NULL,
  lines      bigint      NOT NULL DEFAULT 0,
  processed  bigint      NOT NULL DEFAULT 0,
  refused    bigint      NOT NULL DEFAULT 0,
  -- All lines up to this one are done with.
  through    bigint      NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz
);

-- What a line says is kept until it is done with; in a dry run its slug until the end.
CREATE TABLE tenant_import_line (
  import_id uuid   NOT NULL REFERENCES tenant_import (id) ON DELETE CASCADE,
  line      bigint NOT NULL,
  content   bytea,
  fault     text,   -- why it cannot be read
  slug      text,
  PRIMARY KEY (import_id, line)
);
CREATE INDEX tenant_import_slug_idx ON tenant_import_line (import_id, slug);

CREATE TABLE tenant_import_error (
  import_id uuid   NOT NULL REFERENCES tenant_import (id) ON DELETE CASCADE,
  line      bigint NOT NULL,
  error     jsonb  NOT NULL,
  PRIMARY KEY (import_id, line)
);

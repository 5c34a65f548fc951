-- An application's SQL in versions. Nothing of a version changes once it has been rolled out.
CREATE TABLE blueprint (
  name            text        PRIMARY KEY,
  description     text,
  current_version integer     NOT NULL DEFAULT 0, -- that new places get: the last one that was rolled out
  version         bigint      NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE blueprint_version (
  blueprint  text        NOT NULL REFERENCES blueprint (name) ON DELETE CASCADE,
  number     integer     NOT NULL CHECK (number > 0),
  document   jsonb       NOT NULL, -- up, down, checks
  frozen     boolean     NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (blueprint, number)
);

-- Which version a place has: the schema of those who share in a partition, or the place of one tenant.
-- The place itself says so, too; this is what was seen there last.
CREATE TABLE blueprint_state (
  blueprint  text        NOT NULL REFERENCES blueprint (name) ON DELETE CASCADE,
  partition  text        NOT NULL REFERENCES partition (name) ON DELETE CASCADE,
  tenant_id  uuid        REFERENCES tenant (id), -- none for those who share
  number     integer     NOT NULL,
  error      text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (blueprint, partition, tenant_id)
);
CREATE INDEX blueprint_state_tenant_idx ON blueprint_state (tenant_id);

CREATE TABLE rollout (
  id         uuid        PRIMARY KEY,
  blueprint  text        NOT NULL REFERENCES blueprint (name) ON DELETE CASCADE,
  number     integer     NOT NULL, -- the version that all places are to have
  document   jsonb       NOT NULL, -- canary, wave, parallel, failurePercent, dryRun
  state      text        NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
  reason     text,
  wave       integer     NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz
);
CREATE UNIQUE INDEX rollout_open_key ON rollout (blueprint) WHERE state IN ('running', 'paused');

CREATE TABLE rollout_step (
  rollout   uuid    NOT NULL REFERENCES rollout (id) ON DELETE CASCADE,
  position  integer NOT NULL,
  wave      integer NOT NULL,
  partition text    NOT NULL,
  tenant_id uuid    REFERENCES tenant (id),
  state     text    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
  error     text,
  millis    integer,
  ended_at  timestamptz,
  PRIMARY KEY (rollout, position)
);
CREATE INDEX rollout_step_wave_idx ON rollout_step (rollout, wave, state);
CREATE INDEX rollout_step_tenant_idx ON rollout_step (tenant_id);

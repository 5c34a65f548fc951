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

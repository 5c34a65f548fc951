CREATE TABLE note (
  tenant_id uuid,
  id        uuid,
  text      text NOT NULL,
  author    text NOT NULL,
  at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX note_newest ON note (tenant_id, at DESC);
SELECT tenancy.protect('note');

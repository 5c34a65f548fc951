-- A gateway's token is for one name, or for all that begin with a text before an asterisk; for all if null.
ALTER TABLE access_token ADD COLUMN gateway text
  CHECK (gateway IS NULL OR kind = 'gateway' AND gateway ~ '^([A-Za-z0-9._-]{1,128}|[A-Za-z0-9._-]{0,127}[*])$');

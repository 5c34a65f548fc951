-- The master keys that secrets here are sealed with: not the keys, what tells one from the other. The
-- control plane does not start where one is missing that is not retired.
CREATE TABLE master_key (
  fingerprint   text        PRIMARY KEY,
  current_since timestamptz NOT NULL DEFAULT now(),
  retired_at    timestamptz -- when nothing was left that it had sealed
);

-- The password of the role that serves requests, sealed: it stays the same when the master key changes,
-- since instances with either key are connected.
CREATE TABLE application_role (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  password bytea   NOT NULL
);

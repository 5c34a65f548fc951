-- Who is signed in at the console. Bound to the token that was shown: with it, the session goes.
CREATE TABLE console_session (
  id             uuid        PRIMARY KEY,
  hash           bytea       NOT NULL CONSTRAINT console_session_hash_key UNIQUE,
  operator_token text        REFERENCES access_token (id) ON DELETE CASCADE,
  user_token     text        REFERENCES user_token (id) ON DELETE CASCADE,
  address        text        NOT NULL,
  user_agent     text        NOT NULL,
  notice         text,       -- what the next page tells of the last action
  created_at     timestamptz NOT NULL DEFAULT now(),
  used_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT console_session_of_one_token CHECK (num_nonnulls(operator_token, user_token) = 1)
);
CREATE INDEX console_session_operator_idx ON console_session (operator_token, created_at);
CREATE INDEX console_session_user_idx ON console_session (user_token, created_at);
CREATE INDEX console_session_age_idx ON console_session (created_at);

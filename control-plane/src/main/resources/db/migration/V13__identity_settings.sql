-- What the gateway proves itself with where it logs users in. It is sealed with the master key, and
-- stands beside the document, which is shown.
ALTER TABLE identity_provider
  ADD COLUMN client_secret bytea,
  ADD COLUMN client_secret_set_at timestamptz,
  ADD CONSTRAINT identity_provider_client_secret_check
    CHECK ((client_secret IS NULL) = (client_secret_set_at IS NULL));

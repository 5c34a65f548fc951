-- What a key is for. Those of before sign contexts; what only seals has no public half.
ALTER TABLE signing_key
  ADD COLUMN purpose text NOT NULL DEFAULT 'context' CHECK (purpose IN ('context', 'message', 'login')),
  ALTER COLUMN public_jwk DROP NOT NULL,
  ADD CONSTRAINT signing_key_public_jwk_check CHECK ((purpose = 'login') = (public_jwk IS NULL));

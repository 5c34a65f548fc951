-- The audit trail has a schema of its own. The role that serves requests may read it and add to it;
-- it owns nothing of it, and the triggers also stop the owner, unless it disables them on purpose.
CREATE SCHEMA audit;

-- Where each chain ends. A row is locked from an append to the end of the transaction, so entries
-- of one tenant wait for each other, and nobody waits for another tenant's.
CREATE TABLE audit.chain (
  id     uuid        PRIMARY KEY,
  length bigint      NOT NULL,
  hash   bytea       NOT NULL,
  at     timestamptz NOT NULL
);

-- The entry is what is hashed, together with chain, sequence and time. The other columns repeat
-- some of it so that it can be found.
CREATE TABLE audit.entry (
  chain    uuid        NOT NULL,
  sequence bigint      NOT NULL,
  at       timestamptz NOT NULL,
  action   text        NOT NULL,
  actor    text        NOT NULL,
  resource text        NOT NULL,
  entry    text        NOT NULL,
  hash     bytea       NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (chain, sequence)
);
CREATE INDEX entry_time_idx ON audit.entry (chain, at, sequence);
CREATE INDEX entry_action_idx ON audit.entry (chain, action, sequence);
CREATE INDEX entry_actor_idx ON audit.entry (chain, actor, sequence);
CREATE INDEX entry_resource_idx ON audit.entry (chain, resource, sequence);

CREATE TABLE audit.signing_key (
  number     bigint      GENERATED ALWAYS AS IDENTITY,
  id         text        PRIMARY KEY,
  algorithm  text        NOT NULL,
  public_key text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit.checkpoint (
  sequence   bigint      PRIMARY KEY,
  at         timestamptz NOT NULL,
  previous   text        NOT NULL,
  tree_size  bigint      NOT NULL,
  root_hash  text        NOT NULL,
  hash       text        NOT NULL,
  signatures jsonb       NOT NULL
);

-- The ends that chains had at checkpoints, each written once, at the first checkpoint that saw it.
CREATE TABLE audit.checkpoint_head (
  chain      uuid   NOT NULL,
  length     bigint NOT NULL,
  hash       bytea  NOT NULL,
  checkpoint bigint NOT NULL REFERENCES audit.checkpoint (sequence),
  PRIMARY KEY (chain, length)
);

-- The only way to write an entry. The time is the database's, so that one clock orders a chain.
CREATE FUNCTION audit.append(of_chain uuid, action text, actor text, resource text, entry text)
RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head audit.chain;
BEGIN
  SELECT * INTO head FROM audit.chain c WHERE c.id = of_chain FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO audit.chain VALUES (of_chain, 0, decode(repeat('00', 32), 'hex'), 'epoch')
    ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM audit.chain c WHERE c.id = of_chain FOR UPDATE;
  END IF;
  head.length := head.length + 1;
  head.at := greatest(clock_timestamp(), head.at);
  head.hash := sha256(
    head.hash || uuid_send(of_chain) || int8send(head.length)
    || int8send((extract(epoch FROM head.at) * 1000000)::bigint) || convert_to(entry, 'UTF8'));
  INSERT INTO audit.entry
  VALUES (of_chain, head.length, head.at, action, actor, resource, entry, head.hash);
  UPDATE audit.chain c SET length = head.length, hash = head.hash, at = head.at
   WHERE c.id = of_chain;
  RETURN head.length;
END
$$;
REVOKE ALL ON FUNCTION audit.append FROM PUBLIC;

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail can only be added to: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END
$$;

-- A chain can only grow, by one entry at a time.
CREATE FUNCTION audit.refuse_unless_grown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.length <> OLD.length + 1 THEN
    RAISE EXCEPTION 'a chain of the audit trail can only grow by one entry'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.signing_key
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.checkpoint_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON audit.chain
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER grow_only BEFORE UPDATE ON audit.chain
  FOR EACH ROW EXECUTE FUNCTION audit.refuse_unless_grown();

-- Also for sessions that replicate, where triggers otherwise do not fire.
ALTER TABLE audit.entry ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.signing_key ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.checkpoint ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.checkpoint_head ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.chain ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit.chain ENABLE ALWAYS TRIGGER grow_only;

-- The private halves, sealed with the master key. They stand elsewhere because they are destroyed
-- when their successors sign.
CREATE TABLE audit_private_key (
  id     text  PRIMARY KEY,
  sealed bytea NOT NULL
);

-- The newest report that each run of a gateway has handed in: what is not newer was there before.
CREATE TABLE gateway_report (
  gateway  text        NOT NULL,
  run      uuid        NOT NULL,
  sequence bigint      NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (gateway, run)
);

-- What gateways tell beside the revision that they serve by.
ALTER TABLE gateway
    ADD COLUMN explains          boolean NOT NULL DEFAULT false, -- whether it answers questions
    ADD COLUMN endpoints_at      timestamptz,                    -- when it last told of endpoints
    ADD COLUMN endpoints_omitted integer NOT NULL DEFAULT 0;     -- of how many it had no room to

-- How fit a gateway finds the endpoints of a service.
CREATE TABLE gateway_service (
    service  text  NOT NULL,
    gateway  text  NOT NULL REFERENCES gateway (name) ON DELETE CASCADE,
    health   jsonb NOT NULL,
    PRIMARY KEY (service, gateway)
);
CREATE INDEX gateway_service_gateway_idx ON gateway_service (gateway);

-- Questions to gateways, for the seconds that somebody waits for the answer. Headers of requests
-- are in them: both sides are sealed, and neither gets into the log that backups are made of.
CREATE UNLOGGED TABLE gateway_question (
    id       uuid        PRIMARY KEY,
    gateway  text        NOT NULL,
    question bytea       NOT NULL,
    answer   bytea,
    asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX gateway_question_gateway_idx ON gateway_question (gateway);

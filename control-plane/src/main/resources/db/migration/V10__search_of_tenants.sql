-- What a search looks at: a line for the name and one for the slug.
ALTER TABLE tenant
  ADD COLUMN search text NOT NULL GENERATED ALWAYS AS (lower(name) || E'\n' || slug) STORED;

-- Lists are read from these indexes alone until the page is found, so that even a search whose hits
-- all stand at the end of the order reads the table for one page only.
DROP INDEX tenant_search_idx;
CREATE INDEX tenant_search_idx ON tenant USING gin (search gin_trgm_ops);
CREATE INDEX tenant_search_prefix_idx ON tenant (search text_pattern_ops);
DROP INDEX tenant_name_idx;
CREATE INDEX tenant_name_idx ON tenant (name, id) INCLUDE (status, search);
DROP INDEX tenant_updated_idx;
CREATE INDEX tenant_updated_idx ON tenant (updated_at, id) INCLUDE (status, search);
CREATE INDEX tenant_slug_idx ON tenant (slug, id) INCLUDE (status, search);
CREATE INDEX tenant_id_idx ON tenant (id) INCLUDE (status, search);
DROP INDEX tenant_slug_prefix_idx;
DROP INDEX tenant_name_prefix_idx;

-- Who claims a host.
CREATE INDEX domain_host_idx ON domain (host);

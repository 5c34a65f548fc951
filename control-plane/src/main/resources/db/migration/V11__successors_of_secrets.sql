-- Which key or token took its place at a rotation: it cannot be rotated once more.
ALTER TABLE api_key ADD COLUMN succeeded_by text;
ALTER TABLE access_token ADD COLUMN succeeded_by text;

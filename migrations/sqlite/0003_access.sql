-- Tokens for scripts. The token itself is kept nowhere, only its identifier (`jti`).
CREATE TABLE access_tokens (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Missing: all projects of the user. A token goes with its project, so that it never comes to mean more.
    project_id TEXT REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- Separated by spaces.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Missing: never.
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX access_tokens_user ON access_tokens (user_id, id);
-- For the foreign key, when a project is deleted.
CREATE INDEX access_tokens_project ON access_tokens (project_id);

ALTER TABLE sessions ADD COLUMN last_used_at BIGINT;
-- What was logged in with, for the person to know it by.
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';

-- An operator has shut the account: nobody can log in to it.
ALTER TABLE users ADD COLUMN disabled_at BIGINT;

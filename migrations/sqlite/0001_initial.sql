-- Columns are TEXT (identifiers are UUIDv7 in their hyphenated form), BIGINT (milliseconds since 1970, counts, 0 or 1),
-- DOUBLE PRECISION and bytes: what one SQL text can read and write on SQLite and PostgreSQL alike.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    -- The name in lower case: two names that differ in case alone are the same user.
    username_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- The model chosen to predict with. No foreign key: a choice that is gone counts as none.
    active_model_id TEXT,
    -- How many versions have been given out, so that none is given twice.
    model_versions BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX projects_owner ON projects (owner_id, id);

CREATE TABLE labels (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    position BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE images (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    label_id TEXT REFERENCES labels (id) ON DELETE SET NULL,
    file_name TEXT NOT NULL,
    -- The file name folded for searching.
    file_name_key TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    format TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (project_id, content_hash)
);
-- One index for each list: all, by label, unlabelled. The last column lets counts be answered from the index alone.
CREATE INDEX images_all ON images (project_id, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX images_by_label ON images (project_id, label_id, id, deleted_at) WHERE deleted_at IS NULL;
CREATE INDEX images_unlabelled ON images (project_id, id, label_id, deleted_at)
WHERE deleted_at IS NULL AND label_id IS NULL;
-- For the foreign key, when a label is deleted.
CREATE INDEX images_label ON images (label_id);

-- Shared by all images of the same bytes. A row without a vector says why there will never be one.
CREATE TABLE embeddings (
    content_hash TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    preprocessing TEXT NOT NULL,
    -- 32-bit floats, little-endian.
    vector BLOB,
    problem TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (content_hash, weights_sha256, preprocessing)
);

CREATE TABLE models (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    mode TEXT NOT NULL,
    backbone TEXT NOT NULL,
    weights_sha256 TEXT NOT NULL,
    preprocessing TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT,
    progress_done BIGINT NOT NULL DEFAULT 0,
    progress_total BIGINT NOT NULL DEFAULT 0,
    cancel_requested BIGINT NOT NULL DEFAULT 0,
    image_count BIGINT NOT NULL,
    accuracy DOUBLE PRECISION,
    accuracy_low DOUBLE PRECISION,
    accuracy_high DOUBLE PRECISION,
    accuracy_kind TEXT,
    training_accuracy DOUBLE PRECISION,
    train_seconds DOUBLE PRECISION,
    file_key TEXT,
    -- JSON.
    problem TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    UNIQUE (project_id, version)
);
CREATE INDEX models_status ON models (status, id);

-- The labels as they were when the run was asked for. No foreign key to labels: the record outlives them.
CREATE TABLE model_labels (
    model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    label_id TEXT NOT NULL,
    name TEXT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (model_id, label_id)
);

CREATE TABLE epochs (
    model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    epoch BIGINT NOT NULL,
    loss DOUBLE PRECISION NOT NULL,
    accuracy DOUBLE PRECISION NOT NULL,
    validation_loss DOUBLE PRECISION,
    validation_accuracy DOUBLE PRECISION,
    seconds DOUBLE PRECISION NOT NULL,
    elapsed_seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (model_id, epoch)
);

-- Written when a run is asked for, as the snapshot it learns from; the prediction comes when it finishes.
-- No foreign keys to images and labels: the record outlives them.
CREATE TABLE results (
    model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    image_id TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    label_id TEXT NOT NULL,
    predicted_id TEXT,
    probability DOUBLE PRECISION,
    out_of_fold BIGINT,
    PRIMARY KEY (model_id, image_id)
);
CREATE INDEX results_by_probability ON results (model_id, probability DESC, image_id);

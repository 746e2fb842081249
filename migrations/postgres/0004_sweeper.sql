-- Contents that nothing refers to any more: since when, and when their files were removed (kept for a while, so that an
-- upload of the same bytes knows to look whether its files are still there).
CREATE TABLE doomed_blobs (
    content_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX images_content ON images (content_hash);
CREATE INDEX images_deleted ON images (deleted_at) WHERE deleted_at IS NOT NULL;

-- Since when the original is known to be gone or changed.
ALTER TABLE images ADD COLUMN damaged_at BIGINT;

-- What a model that had not learned from an image says of the label it has, and of what fits better.
ALTER TABLE results ADD COLUMN given_probability DOUBLE PRECISION;
ALTER TABLE results ADD COLUMN suspicion DOUBLE PRECISION;
ALTER TABLE results ADD COLUMN suggested_id TEXT;
ALTER TABLE results ADD COLUMN likely_error BIGINT;
CREATE INDEX results_by_suspicion ON results (model_id, suspicion DESC, image_id);

-- Of the model's file; missing for models of earlier versions.
ALTER TABLE models ADD COLUMN file_sha256 TEXT;
-- How often the run has begun since it last got further, and how far that was.
ALTER TABLE models ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE models ADD COLUMN kept_epochs BIGINT NOT NULL DEFAULT 0;

-- Whether a draft model is trained anew after labels have changed. Drafts have versions below 0.
ALTER TABLE projects ADD COLUMN learns_as_labelled BIGINT NOT NULL DEFAULT 0;

-- The label that somebody has looked at and found right; it counts as long as the image has that label.
ALTER TABLE images ADD COLUMN confirmed_label_id TEXT;

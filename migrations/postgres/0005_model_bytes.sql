-- What the files of a model take, as a share of its owner's quota; 0 for models of earlier versions.
ALTER TABLE models ADD COLUMN file_bytes BIGINT NOT NULL DEFAULT 0;

-- What leads to a counterexample's point, float64 little-endian, where its set has parameters.
ALTER TABLE verdict ADD COLUMN parameters BLOB;

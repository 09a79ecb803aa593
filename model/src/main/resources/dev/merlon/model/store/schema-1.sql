-- Digests are kept once each and everything refers to them by small numbers: a random digest as the
-- key of a large table would touch another page of the disk with every row.
CREATE TABLE meta (schema INTEGER NOT NULL, created INTEGER NOT NULL);
CREATE TABLE blob (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob,
  scaling TEXT NOT NULL,
  UNIQUE (blob, scaling));
CREATE TABLE input (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL UNIQUE);
CREATE TABLE question (
  id INTEGER PRIMARY KEY,
  perturbation TEXT NOT NULL,
  guarantee TEXT NOT NULL,
  UNIQUE (perturbation, guarantee));
CREATE TABLE effort (
  id INTEGER PRIMARY KEY,
  rungs TEXT NOT NULL,
  attack TEXT NOT NULL,
  seed INTEGER NOT NULL,
  timeout_ms INTEGER NOT NULL,
  UNIQUE (rungs, attack, seed, timeout_ms));
CREATE TABLE prover (
  id INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  build TEXT NOT NULL,
  node TEXT NOT NULL,
  sound INTEGER NOT NULL DEFAULT 1,
  UNIQUE (version, build, node));
CREATE TABLE verdict (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES model,
  input INTEGER NOT NULL REFERENCES input,
  label INTEGER NOT NULL,
  question INTEGER NOT NULL REFERENCES question,
  kind TEXT NOT NULL,
  rung TEXT NOT NULL,
  predicted INTEGER NOT NULL,
  reason TEXT,
  margins BLOB,
  point BLOB,
  effort INTEGER NOT NULL REFERENCES effort,
  prover INTEGER NOT NULL REFERENCES prover,
  millis REAL NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (model, input, label, question));
CREATE TABLE conflict (
  id INTEGER PRIMARY KEY,
  verdict INTEGER NOT NULL REFERENCES verdict ON DELETE CASCADE,
  kind TEXT NOT NULL,
  prover INTEGER NOT NULL REFERENCES prover,
  at INTEGER NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (verdict, kind));

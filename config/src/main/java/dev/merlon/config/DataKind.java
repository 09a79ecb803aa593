package dev.merlon.config;

/** Where images come from. */
public enum DataKind {
  /** The four IDX files of MNIST. */
  MNIST,
  /** The embedded data set, drawn by the program from a seed. */
  DEMO
}

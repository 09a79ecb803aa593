package dev.merlon.config;

/** The floating-point type of training. */
public enum Precision {
  /** IEEE single precision. */
  FLOAT32,
  /** IEEE double precision, for comparisons with reference values. */
  FLOAT64
}

package dev.merlon.config;

/** How SABR places its small box around the adversarial point. */
public enum RegionForm {
  /** CTBench: half width {@code lambda (UB - LB) / 2} per pixel, inside the clipped ball. */
  DIMWISE,
  /** SABR code: one radius {@code tau}, centre moved into the clipped ball. */
  SCALAR,
  /** SABR paper: search within {@code eps - tau}, box of radius {@code tau} around the result. */
  PAPER
}

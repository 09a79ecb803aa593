package dev.merlon.config;

/** Where tensors live. */
public enum DeviceKind {
  /** Main memory and processor cores. */
  CPU
}

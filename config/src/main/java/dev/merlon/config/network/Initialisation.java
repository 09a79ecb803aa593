package dev.merlon.config.network;

/** How weights start. */
public enum Initialisation {
  /** Shi et al. 2021: normal with deviation {@code sqrt(2 pi) / fan-in}, all but the last layer. */
  IBP,
  /** Uniform as PyTorch starts its layers. */
  DEFAULT
}

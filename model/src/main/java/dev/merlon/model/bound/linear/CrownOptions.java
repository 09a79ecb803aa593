package dev.merlon.model.bound.linear;

import dev.merlon.model.bound.box.Rounding;
import java.util.function.BooleanSupplier;

/**
 * How backward bounds are computed.
 *
 * @param slope lower line of unstable rectifiers
 * @param unstableRowsOnly whether pre-activations whose box bounds already make the relaxation
 *     exact, as those of stable rectifiers, keep these, and all are intersected with them;
 *     otherwise every pre-activation is bounded by its own backward pass alone, as in the
 *     literature's definition
 * @param everyLayer whether CROWN-IBP concretises behind every layer, over its box, and takes the
 *     best bound of each row (CTBench's form, never looser than IBP or than the usual form); CROWN
 *     has no use for it
 * @param coefficients largest number of elements of one coefficient tensor: rows are bounded in
 *     chunks that keep below it, so that it bounds the memory; at least 1
 * @param rounding what CROWN's bounds make up for; CROWN-IBP makes up for what its boxes do
 * @param expired whether time is up; looked at before every chunk, which then throws {@link
 *     OutOfTime}
 */
public record CrownOptions(
    LowerSlope slope,
    boolean unstableRowsOnly,
    boolean everyLayer,
    long coefficients,
    Rounding rounding,
    BooleanSupplier expired) {
  private static final long DEFAULT_COEFFICIENTS = 1L << 19;

  /** Checks the chunk size. */
  public CrownOptions {
    if (coefficients < 1) {
      throw new IllegalArgumentException("a chunk needs at least one coefficient");
    }
  }

  /** CROWN as defined: adaptive slopes, every pre-activation bounded backwards. */
  public static CrownOptions full() {
    return new CrownOptions(
        LowerSlope.ADAPTIVE,
        false,
        false,
        DEFAULT_COEFFICIENTS,
        Rounding.IGNORED,
        CrownOptions::never);
  }

  /** For use: only what box bounds leave open is bounded backwards. */
  public static CrownOptions sparse() {
    return new CrownOptions(
        LowerSlope.ADAPTIVE,
        true,
        false,
        DEFAULT_COEFFICIENTS,
        Rounding.IGNORED,
        CrownOptions::never);
  }

  /** For CROWN-IBP that concretises behind every layer. */
  public static CrownOptions everyLayerConcretised() {
    return new CrownOptions(
        LowerSlope.ADAPTIVE,
        false,
        true,
        DEFAULT_COEFFICIENTS,
        Rounding.IGNORED,
        CrownOptions::never);
  }

  /** The same with another lower line. */
  public CrownOptions withSlope(LowerSlope other) {
    return new CrownOptions(other, unstableRowsOnly, everyLayer, coefficients, rounding, expired);
  }

  /** The same, concretised at the input alone. */
  CrownOptions concretisedAtInput() {
    return new CrownOptions(slope, unstableRowsOnly, false, coefficients, rounding, expired);
  }

  /** The same with another chunk size. */
  public CrownOptions withCoefficients(long elements) {
    return new CrownOptions(slope, unstableRowsOnly, everyLayer, elements, rounding, expired);
  }

  /** The same with bounds that make up for rounding. */
  public CrownOptions withRounding(Rounding other) {
    return new CrownOptions(slope, unstableRowsOnly, everyLayer, coefficients, other, expired);
  }

  /** The same with an end. */
  public CrownOptions withTime(BooleanSupplier other) {
    return new CrownOptions(slope, unstableRowsOnly, everyLayer, coefficients, rounding, other);
  }

  private static boolean never() {
    return false;
  }
}

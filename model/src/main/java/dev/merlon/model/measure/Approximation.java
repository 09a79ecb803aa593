package dev.merlon.model.measure;

/**
 * How training approximates the worst case of an image, from what lies below the truth's loss to
 * what lies above it.
 */
public enum Approximation {
  /** The strongest point that PGD finds: never worse than the truth. */
  PGD("pgd", "PGD"),
  /** Interval bounds of SABR's small box around that kind of point: on either side. */
  SABR("sabr", "SABR"),
  /** TAPS's latent search behind interval bounds: on either side. */
  TAPS("taps", "TAPS"),
  /** Backward bounds over boxes of all layers: never better than the truth. */
  CROWN_IBP("crown-ibp", "CROWN-IBP"),
  /** Interval bounds: never better than the truth. */
  IBP("ibp", "IBP");

  private final String word;
  private final String title;

  Approximation(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /** Its name in files. */
  public String word() {
    return word;
  }

  /** Its name in texts. */
  public String title() {
    return title;
  }
}

package dev.merlon.model.measure;

/**
 * Means over a sample of each image's smallest margin {@code min_j (f_y - f_j)}. The true smallest
 * margin over the perturbation set lies between the bounds and what the attack found.
 *
 * @param clean at the image itself
 * @param attacked at the strongest point that was found; at most the clean margin
 * @param crownIbp lower bound by CROWN-IBP
 * @param ibp lower bound by interval bound propagation
 */
public record MarginMeans(double clean, double attacked, double crownIbp, double ibp) {

  /** How far CROWN-IBP's bound may be from the truth, at most: 0 is tight. */
  public double crownIbpGap() {
    return attacked - crownIbp;
  }

  /** How far the interval bound may be from the truth, at most: 0 is tight. */
  public double ibpGap() {
    return attacked - ibp;
  }
}

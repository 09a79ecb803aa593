package dev.merlon.config.value;

/** The maximum norm as configuration sees it. */
public record PixelNorm() implements KnownNorm {
  @Override
  public String name() {
    return "linf";
  }

  @Override
  public double largestRadius() {
    return 1;
  }

  @Override
  public boolean ballIsBox() {
    return true;
  }
}

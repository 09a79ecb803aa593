package dev.merlon.config.value;

/** The Euclidean norm as configuration sees it. */
public record RoundNorm() implements KnownNorm {
  @Override
  public String name() {
    return "l2";
  }

  @Override
  public double largestRadius() {
    return 1000;
  }

  @Override
  public boolean ballIsBox() {
    return false;
  }
}

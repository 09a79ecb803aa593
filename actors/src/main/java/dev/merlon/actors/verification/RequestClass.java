package dev.merlon.actors.verification;

/**
 * How urgent a request is among others: while several classes have work, each gets verifiers' time
 * in proportion to its weight.
 */
public enum RequestClass {
  /** Somebody waits for a decision, often until a deadline. */
  GATE(8),
  /** A model that came in, or a command. */
  INCOMING(4),
  /** A model that a training run exported. */
  EXPORT(2),
  /** What is done when nothing else is to do, such as checking verdicts again. */
  IDLE(1);

  private final int weight;

  RequestClass(int weight) {
    this.weight = weight;
  }

  /** Its share, beside those of others. */
  public int weight() {
    return weight;
  }
}

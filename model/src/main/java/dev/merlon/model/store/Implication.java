package dev.merlon.model.store;

import dev.merlon.config.KnownNorm;
import dev.merlon.config.Radius;
import dev.merlon.model.verify.Guarantee;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which questions about one input a fact answers beside its own: a certificate those about smaller
 * balls of its norm and weaker guarantees, a counterexample those about larger balls.
 *
 * @param perturbation the set in its canonical form
 */
record Implication(String perturbation, Guarantee guarantee) {
  private static final Pattern BALL =
      Pattern.compile("([a-z0-9]+):(-?0x[^ ]+) clip (\\[0,1]|none)");

  // What holds of balls holds of no other kind of set, however it is written.
  private static final List<String> NORMS = KnownNorm.names();

  // From weak to strong. A bound that holds for everything ONNX Runtime may return holds for the
  // real function, too, and one with rounding accounted for is below the one without.
  private static final List<Guarantee> STRENGTH =
      List.of(Guarantee.NOMINAL, Guarantee.REAL, Guarantee.DEPLOYED);

  private record Ball(String norm, double radius, boolean clipped) {
    static Optional<Ball> of(String canonical) {
      Matcher text = BALL.matcher(canonical);
      return text.matches() && NORMS.contains(text.group(1))
          ? Optional.of(
              new Ball(
                  text.group(1), Double.parseDouble(text.group(2)), !text.group(3).equals("none")))
          : Optional.empty();
    }

    String words() {
      return norm + ":" + Radius.of(radius) + (clipped ? "" : " without clip");
    }

    boolean contains(Ball other) {
      return norm.equals(other.norm) && radius >= other.radius && (!clipped || other.clipped);
    }
  }

  /** Whether a fact about the same input and label answers this question. */
  boolean follows(Fact.Stored other, FactRules.Asker asker) {
    if (other.disputed().isPresent() || isAbout(other)) {
      return false;
    }
    return switch (other.kind()) {
      case CERTIFIED ->
          FactRules.proves(other.fact(), asker)
              && contains(other.perturbation(), perturbation)
              && STRENGTH.indexOf(other.guarantee()) >= STRENGTH.indexOf(guarantee);
      // The point is confirmed on the file again, which is the same for every guarantee. An attack
      // on another ball says nothing about an adversarial accuracy on this one.
      case FALSIFIED -> !asker.effort().attacks() && contains(perturbation, other.perturbation());
      case UNKNOWN, TIMEOUT, MISCLASSIFIED, CONFLICT -> false;
    };
  }

  /** Whether a fact is about this very question. */
  boolean isAbout(Fact.Stored other) {
    return perturbation.equals(other.perturbation()) && guarantee == other.guarantee();
  }

  /** A set as people write it, such as {@code linf:0.1 without clip}, where it is a ball. */
  static String words(String canonical) {
    return Ball.of(canonical).map(Ball::words).orElse(canonical);
  }

  private static boolean contains(String outer, String inner) {
    Optional<Ball> around = Ball.of(outer);
    Optional<Ball> within = Ball.of(inner);
    return around.isPresent() && within.isPresent() && around.get().contains(within.get());
  }
}

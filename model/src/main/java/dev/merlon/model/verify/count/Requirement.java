package dev.merlon.model.verify.count;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.PerturbationSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A threshold that a model has to reach, written {@code union>=0.85}, {@code natural>=0.97} or
 * {@code linf:0.3>=0.9}.
 *
 * @param measure {@code natural}, {@code union}, or the certified accuracy of a threat such as
 *     {@code linf:0.3}
 * @param threshold the least fraction, in {@code [0,1]}
 */
public record Requirement(String measure, double threshold) {
  private static final String NATURAL = "natural";
  private static final String UNION = "union";

  /** What a gate says. */
  public enum Decision {
    /** The threshold is reached. */
    ACCEPTED,
    /** The threshold can no longer be reached, even if every open input were proved. */
    REJECTED,
    /** Open inputs decide. */
    UNDECIDED
  }

  /**
   * Reads a requirement.
   *
   * @throws MerlonException (configuration) when the text is anything else
   */
  public static Requirement parse(String text) {
    int sign = text.indexOf(">=");
    if (sign < 0) {
      throw malformed(text, "has no >=");
    }
    String measure = text.substring(0, sign).strip();
    String number = text.substring(sign + 2).strip();
    if (!measure.equals(NATURAL) && !measure.equals(UNION)) {
      measure = PerturbationSet.parse(measure, true).text();
    }
    double threshold;
    try {
      threshold = Double.parseDouble(number);
    } catch (NumberFormatException notANumber) {
      throw malformed(text, "has a threshold that is no number");
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      throw malformed(text, "has a threshold outside [0,1]");
    }
    return new Requirement(measure, threshold);
  }

  /**
   * What the verdicts so far decide; an early acceptance or rejection never changes later.
   *
   * @throws MerlonException (configuration) when the measure was not asked for
   */
  public Decision decide(Summary summary) {
    Share share = share(summary);
    if (share.lower() >= threshold) {
      return Decision.ACCEPTED;
    }
    return share.upper() < threshold ? Decision.REJECTED : Decision.UNDECIDED;
  }

  /**
   * What several requirements decide together, all of which have to hold: one that is rejected
   * rejects, and otherwise one that is undecided leaves them undecided.
   *
   * @param all at least one
   * @throws MerlonException (configuration) when a measure was not asked for
   */
  public static Decision decide(List<Requirement> all, Summary summary) {
    Set<Decision> decisions = EnumSet.noneOf(Decision.class);
    all.forEach(each -> decisions.add(each.decide(summary)));
    if (decisions.contains(Decision.REJECTED)) {
      return Decision.REJECTED;
    }
    return decisions.contains(Decision.UNDECIDED) ? Decision.UNDECIDED : Decision.ACCEPTED;
  }

  @Override
  public String toString() {
    return measure + ">=" + threshold;
  }

  private Share share(Summary summary) {
    return switch (measure) {
      case NATURAL -> summary.natural();
      case UNION -> summary.union();
      default -> summary.threat(measure).orElseThrow(() -> notAsked(summary)).certified();
    };
  }

  private MerlonException notAsked(Summary summary) {
    String asked =
        summary.threats().stream().map(ThreatSummary::name).collect(Collectors.joining(", "));
    return new MerlonException(
        new Failure.Configuration(
            "Requirement " + this + " is about a threat that is not certified",
            "Add --norm " + measure + ", or require one of natural, union, " + asked + "."));
  }

  private static MerlonException malformed(String text, String problem) {
    return new MerlonException(
        new Failure.Configuration(
            "Requirement '" + text + "' " + problem,
            "Write union>=0.85, natural>=0.97 or linf:0.3>=0.9."));
  }
}

package dev.merlon.model.verify.verdict;

import dev.merlon.config.failure.DidYouMean;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The ways of answering a query, in the order in which they are tried: from cheap to expensive. */
public enum Rung {
  /** The prediction of ONNX Runtime; always tried first. */
  PREDICT(LadderPhase.QUICK),
  /** Interval bound propagation with the last layer merged with the margins. */
  IBP(LadderPhase.QUICK),
  /** One backward pass of linear bounds over the boxes of interval bound propagation. */
  CROWN_IBP(LadderPhase.QUICK),
  /** Search for a counterexample by projected gradient descent. */
  PGD(LadderPhase.QUICK),
  /** Linear bounds for every layer. */
  CROWN(LadderPhase.SLOW),
  /** The same with slopes optimised for each margin. */
  ALPHA_CROWN(LadderPhase.SLOW),
  /** Projected gradient descent towards each class that is left, from many starts. */
  TARGETED_PGD(LadderPhase.SLOW),
  /** Branch and bound: subproblems split and bounded until all are proved. */
  BAB(LadderPhase.SEARCH);

  private final LadderPhase phase;

  Rung(LadderPhase phase) {
    this.phase = phase;
  }

  /** When it is climbed. */
  public LadderPhase phase() {
    return phase;
  }

  /** Its name in configuration and results, such as {@code crown-ibp}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The rung of this name.
   *
   * @throws MerlonException (configuration) when there is none
   */
  public static Rung parse(String word) {
    return Arrays.stream(values())
        .filter(rung -> rung.word().equals(word))
        .findFirst()
        .orElseThrow(() -> unknown(word));
  }

  /**
   * The rungs of these names and {@link #PREDICT}, each once, from cheap to expensive.
   *
   * @throws MerlonException (configuration) when a name is unknown
   */
  public static List<Rung> ladder(Collection<String> words) {
    Set<Rung> rungs =
        words.stream().map(Rung::parse).collect(Collectors.toCollection(TreeSet::new));
    rungs.add(PREDICT);
    return List.copyOf(rungs);
  }

  private static MerlonException unknown(String word) {
    List<String> known = Arrays.stream(values()).map(Rung::word).toList();
    String meant =
        DidYouMean.closest(word, known).map(name -> "Did you mean " + name + "? ").orElse("");
    return new MerlonException(
        new Failure.Configuration(
            "There is no rung '" + word + "'", meant + "Known: " + words() + "."));
  }

  private static String words() {
    return Arrays.stream(values()).map(Rung::word).collect(Collectors.joining(", "));
  }
}

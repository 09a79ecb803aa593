package dev.merlon.model.verify.verdict;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.verify.question.Guarantee;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the verdicts of one results file are to be about and how they are found. Earlier versions
 * wrote it beside the file.
 *
 * @param model SHA-256 of the model file
 * @param data digest of the data set that the inputs are of
 * @param use what is done around the file's graph
 * @param guarantee what a certificate is about
 * @param rungs what is tried
 * @param attack strength of the search for counterexamples in words, on one line, where that is
 *     among the rungs
 */
public record VerdictOrigin(
    String model,
    String data,
    ModelUse use,
    Guarantee guarantee,
    List<Rung> rungs,
    Optional<String> attack) {
  private static final String CASES = "cases";

  /** Copies the rungs. */
  public VerdictOrigin {
    rungs = List.copyOf(rungs);
  }

  /** That of a file of cases, of which each names its own model and data. */
  public static VerdictOrigin ofCases(
      Guarantee guarantee, List<Rung> rungs, Optional<String> attack) {
    return new VerdictOrigin(CASES, CASES, ModelUse.PLAIN, guarantee, rungs, attack);
  }

  /**
   * Reads what an earlier version wrote beside a results file.
   *
   * @throws MerlonException (data) if it is anything else
   */
  public static VerdictOrigin parse(String text) {
    Map<String, String> words = new HashMap<>();
    text.lines()
        .map(line -> line.split(" ", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> words.put(pair[0], pair[1]));
    if (!words.keySet().containsAll(List.of("model", "data", "guarantee", "rungs"))) {
      throw new MerlonException(
          new Failure.Data(
              "Not the origin of a results file: " + text.strip(),
              "Certify again, without --resume."));
    }
    return new VerdictOrigin(
        Named.get(words, "model"),
        Named.get(words, "data"),
        new ModelUse(
            Optional.ofNullable(words.get("input")),
            Optional.ofNullable(words.get("threshold")).map(Threshold::parse)),
        Guarantee.parse(Named.get(words, "guarantee")),
        Arrays.stream(Named.get(words, "rungs").split(",")).map(Rung::parse).toList(),
        Optional.ofNullable(words.get("attack")));
  }

  /**
   * Whether a line that is not {@linkplain #excludes excluded} is an answer by itself, whatever
   * else was tried where it was found: it says what it is about, and is a misclassification or a
   * certificate. A counterexample belongs to the attack that found it, which no line names.
   */
  static boolean isAnswer(VerdictFile.Line line) {
    boolean known = !line.model().isEmpty() && !line.data().isEmpty();
    return known
        && switch (line.verdict().kind()) {
          case MISCLASSIFIED, CERTIFIED -> true;
          case FALSIFIED, UNKNOWN, TIMEOUT, CONFLICT -> false;
        };
  }

  /**
   * Whether a line cannot be of whoever asks in this way: it names another model, use, data or
   * guarantee, or is a certificate of a rung that is not tried. How much was tried for other
   * answers, no line says.
   */
  boolean excludes(VerdictFile.Line line) {
    Verdict verdict = line.verdict();
    return verdict.guarantee() != guarantee
        || (verdict.certified() && !rungs.contains(verdict.outcome().rung()))
        || (!model.equals(CASES) && isAboutAnother(line));
  }

  private boolean isAboutAnother(VerdictFile.Line line) {
    boolean otherModel =
        !line.model().isEmpty() && !(line.model().equals(model) && line.use().equals(use));
    return otherModel || (!line.data().isEmpty() && !line.data().equals(data));
  }
}

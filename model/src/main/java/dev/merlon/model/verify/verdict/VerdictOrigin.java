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
import java.util.stream.Collectors;

/**
 * What the verdicts of one results file are about and how they were found.
 *
 * @param model SHA-256 of the model file
 * @param data digest of the data set that the inputs are of
 * @param use what is done around the file's graph
 * @param guarantee what a certificate is about
 * @param rungs what was tried
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
  /** Copies the rungs. */
  public VerdictOrigin {
    rungs = List.copyOf(rungs);
  }

  /**
   * Reads what {@link #text} wrote.
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
   * Whether a line answers whoever asks in this way, whatever else was tried where it was found: it
   * says what it is about, and is a misclassification or a certificate of one of the rungs. A
   * counterexample belongs to the attack that found it, which no line names.
   */
  boolean isAnsweredBy(VerdictFile.Line line) {
    Verdict verdict = line.verdict();
    boolean known = !line.model().isEmpty() && !line.data().isEmpty();
    return known
        && switch (verdict.kind()) {
          case MISCLASSIFIED -> true;
          case CERTIFIED ->
              verdict.guarantee() == guarantee && rungs.contains(verdict.outcome().rung());
          case FALSIFIED, UNKNOWN, TIMEOUT, CONFLICT -> false;
        };
  }

  /** The form in which it lies beside a results file; equal for equal questions only. */
  String text() {
    String words = rungs.stream().map(Rung::word).collect(Collectors.joining(","));
    return "model "
        + model
        + "\ndata "
        + data
        + use.input().map(done -> "\ninput " + done).orElse("")
        + use.threshold().map(decisive -> "\nthreshold " + decisive).orElse("")
        + "\nguarantee "
        + guarantee.word()
        + "\nrungs "
        + words
        + "\n"
        + attack.map(strength -> "attack " + strength + "\n").orElse("");
  }
}

package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.UnionTally;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictLine;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the verdicts about a run's last model say.
 *
 * @param about what they are about
 * @param tally the verdicts of each input, as the run itself counts them
 * @param confusion {@code [label][predicted]} over all inputs that could be predicted
 * @param samples inputs that show what there is, in their order
 * @param torn whether the last line was cut off, as by a crash
 */
public record RunVerdicts(
    About about, UnionTally tally, Confusion confusion, List<SampleInput> samples, boolean torn) {

  /**
   * What verdicts are about.
   *
   * @param model SHA-256 of the model file
   * @param data digest of the data set that the inputs are of
   * @param guarantee what a certificate is about
   * @param attacked whether an adversarial accuracy follows from them
   */
  public record About(String model, String data, Guarantee guarantee, boolean attacked) {
    // Earlier versions wrote it beside the verdicts.
    private static About of(VerdictOrigin written) {
      return new About(
          written.model(), written.data(), written.guarantee(), written.rungs().contains(Rung.PGD));
    }

    // Whoever evaluates a run attacks its model, too.
    private static About of(VerdictFile.Line line) {
      return new About(line.model(), line.data(), line.verdict().guarantee(), true);
    }
  }

  private static final LineFile.Damage DAMAGE =
      LineFile.Damage.advising("Go on with `merlon train … --resume`, which certifies anew.");

  /** Copies the list. */
  public RunVerdicts {
    samples = List.copyOf(samples);
  }

  /** Accuracies. */
  public Summary summary() {
    return tally.summary();
  }

  /** The digest of the images that a run's verdicts are about, if there are any. */
  static Optional<String> data(RunDirectory run) {
    return about(run.certificates()).map(About::data).filter(digest -> !digest.isEmpty());
  }

  /**
   * Reads the verdicts of a run.
   *
   * @return empty if there are none yet
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static Optional<RunVerdicts> read(RunDirectory run) {
    Path file = run.certificates();
    Optional<About> about = about(file);
    if (about.isEmpty()) {
      return Optional.empty();
    }
    Set<PerturbationSet> threats = new LinkedHashSet<>();
    Map<Integer, Map<PerturbationSet, Outcome.Kind>> kinds = new TreeMap<>();
    boolean torn =
        eachVerdict(
            file,
            verdict -> {
              Property property = verdict.property();
              threats.add(property.set());
              kinds
                  .computeIfAbsent(property.index(), index -> new LinkedHashMap<>())
                  .put(property.set(), verdict.kind());
            });
    if (threats.isEmpty()) {
      return Optional.empty();
    }
    var tally = new UnionTally(threats, kinds.size(), about.get().attacked());
    var confusion = new Confusion.Builder();
    var samples = new SampleInput.Builder(SampleChoice.of(kinds, threats.size()));
    eachVerdict(
        file,
        verdict -> {
          tally.add(verdict);
          confusion.add(verdict);
          samples.add(verdict);
        });
    return Optional.of(
        new RunVerdicts(about.get(), tally, confusion.build(), samples.build(), torn));
  }

  private static Optional<About> about(Path file) {
    Path written = VerdictFile.origin(file);
    return Files.isRegularFile(file) && Files.isRegularFile(written)
        ? Optional.of(About.of(VerdictOrigin.parse(RunDirectory.text(written))))
        : lines(file).first().map(About::of);
  }

  private static boolean eachVerdict(Path file, Consumer<Verdict> reader) {
    return lines(file).each(line -> reader.accept(line.verdict()));
  }

  private static LineFile<VerdictFile.Line> lines(Path file) {
    return new LineFile<>(file, VerdictLine.FORMAT, DAMAGE);
  }
}

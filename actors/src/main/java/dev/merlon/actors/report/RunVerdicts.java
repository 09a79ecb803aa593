package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.UnionTally;
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
 * @param origin what they are about
 * @param tally the verdicts of each input, as the run itself counts them
 * @param confusion {@code [label][predicted]} over all inputs that could be predicted
 * @param samples inputs that show what there is, in their order
 * @param torn whether the last line was cut off, as by a crash
 */
public record RunVerdicts(
    VerdictOrigin origin,
    UnionTally tally,
    Confusion confusion,
    List<SampleInput> samples,
    boolean torn) {

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
    Path file = run.certificates();
    return hasVerdicts(file)
        ? Optional.of(origin(file).data()).filter(digest -> !digest.isEmpty())
        : Optional.empty();
  }

  /**
   * Reads the verdicts of a run.
   *
   * @return empty if there are none yet
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static Optional<RunVerdicts> read(RunDirectory run) {
    Path file = run.certificates();
    if (!hasVerdicts(file)) {
      return Optional.empty();
    }
    VerdictOrigin origin = origin(file);
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
    var tally = new UnionTally(threats, kinds.size(), origin.rungs().contains(Rung.PGD));
    var confusion = new Confusion.Builder();
    var samples = new SampleInput.Builder(SampleChoice.of(kinds, threats.size()));
    eachVerdict(
        file,
        verdict -> {
          tally.add(verdict);
          confusion.add(verdict);
          samples.add(verdict);
        });
    return Optional.of(new RunVerdicts(origin, tally, confusion.build(), samples.build(), torn));
  }

  private static boolean hasVerdicts(Path file) {
    return Files.isRegularFile(file) && Files.isRegularFile(VerdictFile.origin(file));
  }

  private static VerdictOrigin origin(Path file) {
    return VerdictOrigin.parse(RunDirectory.text(VerdictFile.origin(file)));
  }

  private static boolean eachVerdict(Path file, Consumer<Verdict> reader) {
    return new LineFile<>(file, VerdictLine.FORMAT, DAMAGE)
        .each(line -> reader.accept(line.verdict()));
  }
}

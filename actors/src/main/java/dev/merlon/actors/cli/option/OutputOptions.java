package dev.merlon.actors.cli.option;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.OutputForm;
import dev.merlon.actors.cli.work.VerdictTarget;
import dev.merlon.actors.job.Conduct;
import dev.merlon.actors.job.Verifiers;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where verdicts go and how the work is done. */
public final class OutputOptions {
  private static final int ALWAYS_ALLOWED = 4;

  @Option(
      names = "--out",
      paramLabel = "FILE.jsonl",
      description =
          "Write every verdict as one line of JSON. A file that holds verdicts is refused without"
              + " --resume or --overwrite.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", description = "Go on with the verdicts that --out already holds.")
  private boolean resume;

  @Option(names = "--overwrite", description = "Lose the verdicts that --out already holds.")
  private boolean overwrite;

  @Option(
      names = "--save-adversarial",
      paramLabel = "DIR",
      description =
          "Write a picture (PNG) of every counterexample that is found to this directory.")
  private Optional<Path> pictures = Optional.empty();

  @Option(
      names = "--verifiers",
      paramLabel = "N",
      description =
          "How many verifiers work at once, each with the model in memory; at most two for each"
              + " core. Default: 1.")
  private Optional<Integer> verifiers = Optional.empty();

  @Option(
      names = "--isolate",
      description =
          "Let each verifier work in a process of its own, so that a model that crashes native code"
              + " costs one input and nothing else.")
  private boolean isolate;

  @Mixin private StoreOptions store = new StoreOptions();

  @Mixin private AnswerOptions answer = new AnswerOptions();

  /**
   * How verifiers are asked, and where verdicts go.
   *
   * @param console of this command
   * @param retry verdicts that are asked for again
   * @throws dev.merlon.config.failure.MerlonException (configuration) where options contradict each
   *     other
   */
  public Conduct conduct(Console console, Collection<Outcome.Kind> retry) {
    if (resume && overwrite) {
      throw MerlonException.configuration(
          "--resume keeps what --overwrite loses", "Leave one of them out.");
    }
    if ((resume || overwrite) && out.isEmpty()) {
      throw MerlonException.configuration(
          (resume ? "--resume needs" : "--overwrite is about") + " the verdicts of a file",
          "Add --out FILE.jsonl.");
    }
    Typed.requirePositive("--verifiers", verifiers);
    verifiers.ifPresent(OutputOptions::requireCores);
    target().ifPresent(this::requireSuitable);
    StoreChoice chosen = store.chosen();
    if (!retry.isEmpty() && !chosen.wanted() && !resume) {
      throw MerlonException.configuration(
          "--retry asks again what is kept",
          "Leave out --no-store, or add --out FILE.jsonl --resume.");
    }
    return new Conduct(
        target().map(to -> to.results(console)),
        chosen,
        Set.copyOf(retry),
        new Verifiers(verifiers, isolate),
        answer.seed(),
        pictures);
  }

  /** In which form what comes out is wanted. */
  public OutputForm form() {
    return new OutputForm(target(), json());
  }

  private Optional<VerdictTarget> target() {
    return out.map(path -> VerdictTarget.of(path, opening()));
  }

  private VerdictFile.Opening opening() {
    if (resume) {
      return VerdictFile.Opening.RESUME;
    }
    return overwrite ? VerdictFile.Opening.OVERWRITE : VerdictFile.Opening.NEW;
  }

  private void requireSuitable(VerdictTarget target) {
    if (resume && target.kind() != VerdictTarget.Kind.FILE) {
      throw MerlonException.configuration(
          "--resume goes on with a file, which " + target.path() + " is not",
          "Name a file as --out, or leave out --resume.");
    }
    if (json() && target.kind() == VerdictTarget.Kind.STANDARD_OUTPUT) {
      throw MerlonException.configuration(
          "Verdicts and the object of --json cannot both go to standard output",
          "Leave out --json, or name a file as --out.");
    }
  }

  /** Whether pictures are asked for. */
  public boolean savesPictures() {
    return pictures.isPresent();
  }

  private boolean json() {
    return answer.json();
  }

  // Each verifier is a thread that computes all the time, with tensors and a session of its own.
  private static void requireCores(int verifiers) {
    int cores = Runtime.getRuntime().availableProcessors();
    int most = Math.max(ALWAYS_ALLOWED, 2 * cores);
    if (verifiers > most) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "--verifiers is %d, but this machine has %s",
              verifiers,
              Amounts.count(cores, "core")),
          String.format(
              Locale.ROOT,
              "Give at most %d: each verifier keeps one core busy and holds the model in memory.",
              most));
    }
  }
}

package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.JobOutcome;
import dev.merlon.actors.job.JobOutcome.Verified;
import dev.merlon.actors.job.JobSpec;
import dev.merlon.actors.job.OutcomeJson;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import dev.merlon.model.checkpoint.AtomicFile;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import dev.merlon.model.verify.vnnlib.WitnessFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One property as a user sees it: the word, the witness, the exit code. */
public final class PropertyConsole {
  private final CommandContext context;
  private final Optional<Path> witness;
  private final boolean json;

  /**
   * One that talks to the user through this context.
   *
   * @param witness where a counterexample goes
   * @param json whether the answer is printed as JSON
   */
  public PropertyConsole(CommandContext context, Optional<Path> witness, boolean json) {
    this.context = context;
    this.witness = witness;
    this.json = json;
  }

  /**
   * Answers, prints the word, and gives the exit code.
   *
   * @throws MerlonException when a file is not what it should be
   */
  public ExitCode run(JobSpec.VerifyProperty spec) {
    witness.ifPresent(PropertyConsole::requireFile);
    witness.ifPresent(file -> requireOther(file, spec.model(), spec.property()));
    try (JobView view = new JobView(context, false)) {
      JobOutcome.PropertyVerified verified = spec.run(context.job(view));
      if (verified.result() instanceof Verified.Answered answered) {
        return conclude(verified, answered);
      }
      if (verified.result() instanceof Verified.Contradicted contradicted) {
        return alarm(contradicted.sides());
      }
      context.console().say("Stopped before there was an answer.");
      return context.interrupts().raised().orElse(ExitCode.FAILED);
    }
  }

  private ExitCode alarm(String conflict) {
    VerdictWarning.say(
        context.console(), 1, new Summary.Unprocessed(0, Optional.empty()), "property");
    context.console().say(Sentence.of(conflict));
    return ExitCode.FAILED;
  }

  private ExitCode conclude(JobOutcome.PropertyVerified verified, Verified.Answered answered) {
    Outcome answer = answered.answer();
    answer
        .witness()
        .ifPresentOrElse(
            found -> witness.ifPresent(file -> write(file, verified.property(), found)),
            () -> witness.filter(Files::exists).ifPresent(this::noteOlder));
    context
        .console()
        .print(
            json ? Json.line(OutcomeJson.of(verified, answered)) : answer.kind().competitionWord());
    return context.interrupts().raised().orElse(ExitCode.DONE);
  }

  // A witness appears as a whole, by a rename: what is no file would be replaced by one.
  private static void requireFile(Path witness) {
    VerdictTarget target = VerdictTarget.of(witness, VerdictFile.Opening.NEW);
    if (target.kind() != VerdictTarget.Kind.FILE) {
      throw MerlonException.configuration(
          "--witness " + witness + " is no file on a disk",
          "Name one that is not standard output.");
    }
  }

  private static void requireOther(Path witness, Path... inputs) {
    for (Path input : inputs) {
      if (Files.exists(witness) && isSame(witness, input)) {
        throw MerlonException.configuration(
            "--witness " + witness + " is a file that is read", "Name another.");
      }
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static void write(Path file, VnnLibProperty property, Witness witness) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      String text = WitnessFile.text(property, witness);
      AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw Unwritable.of(
          "Witness file " + file + " cannot be written",
          "Check the path, the rights and the space on the disk.",
          unwritable);
    }
  }

  private void noteOlder(Path file) {
    note(file + " is not from this run, which found no counterexample; it is left as it is.");
  }

  private void note(String remark) {
    context.console().say("Note: " + Sentence.of(remark));
  }
}

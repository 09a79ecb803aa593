package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import dev.merlon.model.checkpoint.AtomicFile;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.PropertyFacts;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.VerdictFile;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.property.PropertyAnswer;
import dev.merlon.model.verify.property.WitnessReplay;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import dev.merlon.model.verify.vnnlib.WitnessFile;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One property as a user sees it: the word, the witness, the exit code. */
public final class PropertyJob {

  private final CommandContext context;

  /** One that talks to the user through this context. */
  public PropertyJob(CommandContext context) {
    this.context = context;
  }

  /**
   * What a user asked for.
   *
   * @param timeout for the whole property, reading the files included
   * @param witness where a counterexample goes
   * @param seed keys the start points of searches
   * @param store where answers are looked up and kept
   * @param json whether the answer is printed as JSON
   */
  public record Order(
      Path model,
      Path property,
      Duration timeout,
      Optional<Path> witness,
      long seed,
      StoreChoice store,
      boolean json) {}

  /**
   * Answers, prints the word, and gives the exit code.
   *
   * @throws MerlonException when a file is not what it should be
   */
  public ExitCode run(Order order) {
    long start = System.nanoTime();
    order.witness().ifPresent(PropertyJob::requireFile);
    order.witness().ifPresent(file -> requireOther(file, order.model(), order.property()));
    ImportedModel model = OnnxImport.read(order.model());
    VnnLibProperty property = VnnLib.read(order.property());
    model.warnings().forEach(this::note);
    property.remarks().forEach(this::note);
    context.log().openHome(context.console());
    try (OpenedStore store = context.open(order.store())) {
      Asked asked = new Asked(order, model, property, start);
      // What comes through a pipe can be read only once.
      Optional<PropertyFacts> facts =
          Files.isRegularFile(order.property())
              ? store.about(model, digest(order.property()), effort(order, order.timeout()))
              : Optional.empty();
      PropertyFacts.Known known = known(store, facts, asked);
      if (known.conflict().isPresent()) {
        return alarm(known.conflict().get());
      }
      if (known.answer().isPresent()) {
        return conclude(asked, known.answer().get(), true);
      }
      PropertyAnswer answer = verify(asked);
      Optional<String> conflict =
          isCutShort(answer) ? Optional.empty() : kept(store, facts, answer, asked.elapsed());
      return conflict.isPresent() ? alarm(conflict.get()) : conclude(asked, answer, false);
    }
  }

  /** A question on its way. */
  private record Asked(Order order, ImportedModel model, VnnLibProperty property, long start) {
    Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
    }
  }

  private PropertyAnswer verify(Asked asked) {
    AtomicBoolean stop = new AtomicBoolean();
    try (var registration = context.interrupts().during(code -> stop.set(true));
        Verifier verifier = LadderVerifier.open(asked.model(), ActorHost.limitsWithoutActors())) {
      Duration left = asked.order().timeout().minus(asked.elapsed());
      Effort effort = effort(asked.order(), left.isNegative() ? Duration.ZERO : left);
      return verifier.verify(asked.property(), effort, stop::get);
    }
  }

  // Somebody asked to stop: that there is no answer says nothing about the property.
  private boolean isCutShort(PropertyAnswer answer) {
    return isOpen(answer) && context.interrupts().raised().isPresent();
  }

  private static boolean isOpen(PropertyAnswer answer) {
    return answer.word() == PropertyAnswer.Word.TIMEOUT
        || answer.word() == PropertyAnswer.Word.UNKNOWN;
  }

  private static PropertyFacts.Known known(
      OpenedStore store, Optional<PropertyFacts> facts, Asked asked) {
    PropertyFacts.Known nothing = new PropertyFacts.Known(Optional.empty(), Optional.empty());
    return store.tolerating(
        () ->
            facts
                .map(kept -> kept.known(x -> WitnessReplay.of(asked.model(), asked.property(), x)))
                .orElse(nothing),
        nothing);
  }

  private static Optional<String> kept(
      OpenedStore store, Optional<PropertyFacts> facts, PropertyAnswer answer, Duration elapsed) {
    return store.tolerating(
        () -> facts.flatMap(kept -> kept.record(answer, elapsed)), Optional.empty());
  }

  private ExitCode alarm(String conflict) {
    VerdictWarning.say(
        context.console(), 1, new Summary.Unprocessed(0, Optional.empty()), "property");
    context.console().say(Sentence.of(conflict));
    return ExitCode.FAILED;
  }

  private static String digest(Path property) {
    try {
      return Digests.ofFile(property);
    } catch (IOException vanished) {
      throw new UncheckedIOException(vanished);
    }
  }

  private static Effort effort(Order order, Duration timeout) {
    return Effort.of(List.of(Rung.values()), AttackStrength.QUICK.attack(), order.seed(), timeout);
  }

  // A witness appears as a whole, by a rename: what is no file would be replaced by one.
  private static void requireFile(Path witness) {
    VerdictTarget target = VerdictTarget.of(witness, VerdictFile.Opening.NEW);
    if (target.kind() != VerdictTarget.Kind.FILE) {
      throw new MerlonException(
          new Failure.Configuration(
              "--witness " + witness + " is no file on a disk",
              "Name one that is not standard output."));
    }
  }

  private static void requireOther(Path witness, Path... inputs) {
    for (Path input : inputs) {
      if (Files.exists(witness) && isSame(witness, input)) {
        throw new MerlonException(
            new Failure.Configuration(
                "--witness " + witness + " is a file that is read", "Name another."));
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

  private ExitCode conclude(Asked asked, PropertyAnswer answer, boolean reused) {
    Order order = asked.order();
    boolean open = isOpen(answer);
    Optional<ExitCode> interrupted = context.interrupts().raised();
    if (interrupted.isPresent() && open) {
      context.console().say("Stopped before there was an answer.");
      return interrupted.get();
    }
    answer
        .witness()
        .ifPresentOrElse(
            found -> order.witness().ifPresent(file -> write(file, asked.property(), found)),
            () -> order.witness().filter(Files::exists).ifPresent(this::noteOlder));
    context
        .console()
        .print(order.json() ? Json.line(json(asked, answer, reused)) : answer.word().word());
    return interrupted.orElse(ExitCode.DONE);
  }

  private static Map<String, Object> json(Asked asked, PropertyAnswer answer, boolean reused) {
    Order order = asked.order();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", order.model().toString());
    report.put("property", order.property().toString());
    report.put("verdict", answer.word().word());
    report.put("reason", answer.reason());
    answer
        .witness()
        .ifPresent(
            found -> {
              report.put("x", found.inputs());
              report.put("y", found.outputs());
            });
    report.put("reused", reused ? 1 : 0);
    report.put("seconds", asked.elapsed().toMillis() / 1000.0);
    return report;
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

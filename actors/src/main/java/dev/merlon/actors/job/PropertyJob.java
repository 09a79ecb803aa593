package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.job.JobOutcome.Verified;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.PropertyRequest;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.PropertyFacts;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.property.WitnessReplay;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.proto.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Answers one property about a model, from a store of what is known or by asking a verifier. */
final class PropertyJob {
  private final JobContext context;

  PropertyJob(JobContext context) {
    this.context = context;
  }

  /** A question on its way. */
  private record Asked(
      JobSpec.VerifyProperty spec, ImportedModel model, VnnLibProperty property, long start) {
    Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
    }

    JobOutcome.PropertyVerified ended(Verified result) {
      return new JobOutcome.PropertyVerified(spec, property, result, elapsed());
    }
  }

  /**
   * Answers.
   *
   * @throws MerlonException when a file is not what it should be, or a verifier breaks
   */
  JobOutcome.PropertyVerified run(JobSpec.VerifyProperty spec) {
    long start = System.nanoTime();
    ImportedModel model = OnnxImport.read(spec.model());
    VnnLibProperty property = VnnLib.read(spec.property());
    model.warnings().forEach(context::note);
    property.remarks().forEach(context::note);
    context.tell(new JobEvent.QuestionsPrepared(1));
    Asked asked = new Asked(spec, model, property, start);
    try (OpenedStore store = context.open(spec.store())) {
      // What comes through a pipe can be read only once.
      Optional<PropertyFacts> facts =
          Files.isRegularFile(spec.property())
              ? store.about(model, digest(spec.property()), effort(spec, spec.timeout()))
              : Optional.empty();
      return asked.ended(known(store, facts, asked).orElseGet(() -> verify(store, facts, asked)));
    }
  }

  private static Optional<Verified> known(
      OpenedStore store, Optional<PropertyFacts> facts, Asked asked) {
    PropertyFacts.Known nothing = new PropertyFacts.Known(Optional.empty(), Optional.empty());
    PropertyFacts.Known known =
        store.tolerating(
            () ->
                facts
                    .map(
                        kept ->
                            kept.known(x -> WitnessReplay.of(asked.model(), asked.property(), x)))
                    .orElse(nothing),
            nothing);
    return known
        .conflict()
        .<Verified>map(Verified.Contradicted::new)
        .or(() -> known.answer().map(answer -> new Verified.Answered(answer, true)));
  }

  private Verified verify(OpenedStore store, Optional<PropertyFacts> facts, Asked asked) {
    Optional<Outcome> answer = ask(asked);
    if (answer.isEmpty()) {
      return new Verified.Stopped();
    }
    answer.get().failure().ifPresent(context::note);
    return store
        .tolerating(
            () -> facts.flatMap(kept -> kept.record(answer.get(), asked.elapsed())),
            Optional.<String>empty())
        .<Verified>map(Verified.Contradicted::new)
        .orElseGet(() -> new Verified.Answered(answer.get(), false));
  }

  private Optional<Outcome> ask(Asked asked) {
    ActorHost host = ActorHost.start();
    Optional<Outcome> answer = Optional.empty();
    try (Certification certification = new Certification(host.system())) {
      Duration left = asked.spec().timeout().minus(asked.elapsed());
      Effort effort = effort(asked.spec(), left.isNegative() ? Duration.ZERO : left);
      PropertyRequest request = new PropertyRequest(asked.model(), asked.property(), effort);
      answer =
          context.during(
              JobPhase.VERIFICATION,
              () -> context.untilStopped(JobPhase.VERIFICATION, certification.start(request)));
    } finally {
      close(host, answer.isPresent());
    }
    return answer;
  }

  /** A verifier that hangs keeps actors from stopping; an answer counts all the same. */
  private void close(ActorHost host, boolean answered) {
    try {
      host.close();
    } catch (MerlonException stuck) {
      if (!answered) {
        throw stuck;
      }
      context.note(stuck.failure().message());
    }
  }

  private static String digest(Path property) {
    try {
      return Digests.ofFile(property);
    } catch (IOException vanished) {
      throw new UncheckedIOException(vanished);
    }
  }

  private static Effort effort(JobSpec.VerifyProperty spec, Duration timeout) {
    return Effort.of(List.of(Rung.values()), AttackStrength.QUICK.attack(), spec.seed(), timeout);
  }
}

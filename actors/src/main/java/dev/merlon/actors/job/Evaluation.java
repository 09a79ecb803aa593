package dev.merlon.actors.job;

import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.report.RunSession;
import dev.merlon.actors.report.RunSummary;
import dev.merlon.actors.report.SessionFile;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.actors.verification.Results;
import dev.merlon.config.RunSettings;
import dev.merlon.config.evaluation.EvaluationSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.checkpoint.AtomicFile;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Certifies and attacks the model that a training run ended with, on the test images and as the
 * run's settings say, and writes the verdicts and a summary into the run directory.
 */
final class Evaluation {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final JobContext context;
  private final ActorHost host;
  private final OpenedStore store;
  private final SessionFile session;

  /**
   * One for a run.
   *
   * @param store where verdicts are looked up and kept
   * @param session of the command that certifies; its end is written when all is certified
   */
  Evaluation(JobContext context, ActorHost host, OpenedStore store, SessionFile session) {
    this.context = context;
    this.host = host;
    this.store = store;
    this.session = session;
  }

  /**
   * Refuses settings that evaluate nothing.
   *
   * @throws MerlonException (configuration)
   */
  static void requireThreats(RunSettings settings) {
    if (settings.evaluation().threats().isEmpty()) {
      throw MerlonException.configuration(
          "evaluation.threats is empty, so that nothing would be certified",
          "Name at least one, as in --set evaluation.threats=linf:0.1.");
    }
  }

  /** Evaluates the result of a run. */
  JobOutcome.Evaluated run(
      RunSettings settings, Dataset test, TrainingOutcome.Completed completed) {
    RunDirectory run = new RunDirectory(completed.directory());
    ImportedModel model = OnnxImport.read(completed.model());
    Effort effort = effort(settings);
    CertificationReport report =
        new CertificationPhase(context, host, JobPhase.CERTIFICATION)
            .run(
                new CertificationRequest(
                    model,
                    questions(settings, test),
                    effort,
                    Optional.of(anew(run.certificates())),
                    Set.of(),
                    Optional.empty()),
                store.facts(model, effort, Set.of()),
                Verifiers.USUAL,
                fresh -> {});
    RunSummary summary = new RunSummary(settings, test, report, completed);
    if (report.summary().complete()) {
      session.end(RunSession.Outcome.DONE);
      List<String> lines = new ArrayList<>(summary.markdown());
      lines.addAll(RunSummary.sessions(SessionFile.read(run)));
      write(run.report().summary(), lines);
    }
    return new JobOutcome.Evaluated(report, summary);
  }

  // Whatever the file holds may be about another model; the store knows what is about this one.
  private static Results anew(Path certificates) {
    return new Results.File(certificates, VerdictFile.Opening.OVERWRITE);
  }

  private static Questions questions(RunSettings settings, Dataset test) {
    EvaluationSettings evaluation = settings.evaluation();
    return Questions.aboutFirst(test, evaluation.firstN(), sets(settings), Guarantee.REAL);
  }

  /** What the model is evaluated against. */
  static List<PerturbationSet> sets(RunSettings settings) {
    return settings.evaluation().threats().stream()
        .distinct()
        .<PerturbationSet>map(threat -> NormBall.of(threat, true))
        .toList();
  }

  /** The settings' rungs, and an attack in any case: it gives the adversarial accuracy. */
  private static Effort effort(RunSettings settings) {
    EvaluationSettings evaluation = settings.evaluation();
    List<String> rungs =
        Stream.concat(evaluation.rungs().stream(), Stream.of(Rung.PGD.word())).toList();
    return Effort.of(Rung.ladder(rungs), evaluation.attack(), settings.seed(), TIMEOUT);
  }

  private static void write(Path file, List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      AtomicFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}

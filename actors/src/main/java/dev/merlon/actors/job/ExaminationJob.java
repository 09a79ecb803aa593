package dev.merlon.actors.job;

import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.actors.verification.OpenedStore;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Certifies or attacks a model on chosen inputs: an attack is a certification with no other rung
 * than the search.
 */
final class ExaminationJob {
  // An attack ends by itself; its strength says how long it takes.
  private static final Duration NO_LIMIT = Duration.ofDays(365);

  private final JobContext context;

  ExaminationJob(JobContext context) {
    this.context = context;
  }

  /**
   * How it is asked.
   *
   * @param guarantee what certificates are to be about
   * @param gate thresholds, all of which have to be reached; none = no gate
   */
  private record Question(
      JobPhase phase, Effort effort, Guarantee guarantee, List<Requirement> gate) {}

  /** What came out, and about what. */
  private record Answer(JobOutcome.Inputs inputs, CertificationReport report) {}

  /**
   * Certifies.
   *
   * @throws MerlonException when it cannot be done
   */
  JobOutcome.Certified certify(JobSpec.CertifyModel spec) {
    JobSpec.Terms terms = spec.terms();
    Effort effort =
        Effort.of(
            terms.rungs(), AttackStrength.QUICK.attack(), spec.conduct().seed(), terms.timeout());
    Answer answer =
        examine(
            spec.examination(),
            spec.conduct(),
            new Question(JobPhase.CERTIFICATION, effort, terms.guarantee(), spec.requirements()));
    return new JobOutcome.Certified(spec, answer.inputs(), answer.report());
  }

  /**
   * Attacks.
   *
   * @throws MerlonException when it cannot be done
   */
  JobOutcome.Attacked attack(JobSpec.AttackModel spec) {
    Effort effort = Effort.of(List.of(Rung.PGD), spec.attack(), spec.conduct().seed(), NO_LIMIT);
    Answer answer =
        examine(
            spec.examination(),
            spec.conduct(),
            new Question(JobPhase.ATTACK, effort, Guarantee.NOMINAL, List.of()));
    return new JobOutcome.Attacked(spec, answer.inputs(), answer.report());
  }

  /** Reads model and images and asks. */
  private Answer examine(Examination examination, Conduct conduct, Question question) {
    conduct.pictures().ifPresent(AdversarialPictures::require);
    ImportedModel read = OnnxImport.read(examination.model());
    read.warnings().forEach(context::note);
    InputChoice inputs = examination.inputs();
    ChosenImages images =
        ChosenImages.read(inputs, read.classifying(inputs.taken().threshold()), context);
    RadiusCheck.require(examination.threats(), images.images().shape());
    inputs.shortfall(images.images()).ifPresent(context::note);
    Questions questions =
        inputs.questions(images.images(), examination.threats(), question.guarantee());
    context.tell(new JobEvent.QuestionsPrepared(questions.size()));
    try (OpenedStore store = context.open(conduct.store());
        ActorHost host = ActorHost.start()) {
      var request =
          new CertificationRequest(
              images.model(),
              questions,
              question.effort(),
              conduct.out(),
              conduct.retry(),
              Optional.of(question.gate())
                  .filter(gate -> !gate.isEmpty())
                  .map(gate -> new CertificationRequest.Gate(gate, true)));
      Facts facts = store.facts(images.model(), question.effort(), conduct.retry());
      var phase = new CertificationPhase(context, host, question.phase());
      return new Answer(images.described(), ask(phase, request, facts, conduct, images));
    }
  }

  private CertificationReport ask(
      CertificationPhase phase,
      CertificationRequest request,
      Facts facts,
      Conduct conduct,
      ChosenImages images) {
    Optional<Path> folder = conduct.pictures();
    if (folder.isEmpty()) {
      return phase.run(request, facts, conduct.verifiers(), fresh -> {});
    }
    try (var pictures =
        new AdversarialPictures(
            folder.get(), images.images().shape(), RuntimePredictor.open(images.model(), 1))) {
      CertificationReport report = phase.run(request, facts, conduct.verifiers(), pictures::save);
      context.tell(new JobEvent.Said(pictures.words()));
      return report;
    }
  }
}

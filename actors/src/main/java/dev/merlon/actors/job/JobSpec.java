package dev.merlon.actors.job;

import dev.merlon.actors.report.SolvingExactly;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.RunSettings;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is asked of a job. */
public sealed interface JobSpec {

  /**
   * Does it, to its end.
   *
   * @throws dev.merlon.config.failure.MerlonException when it cannot be done
   */
  JobOutcome run(JobContext context);

  /**
   * Trains a run, certifies its result and writes its page.
   *
   * @param data where the files of the data set lie
   * @param resume whether a run in the directory goes on
   * @param from what the run starts from; empty where weights are drawn or the run goes on
   * @param store where verdicts about its result are looked up and kept
   * @param invocation who asks, for the run's own notes
   */
  record TrainRun(
      RunSettings settings,
      Optional<Path> data,
      RunDirectory directory,
      boolean resume,
      Optional<Path> from,
      StoreChoice store,
      Invocation invocation)
      implements JobSpec {

    @Override
    public JobOutcome.Trained run(JobContext context) {
      return new TrainingJob(context).run(this);
    }
  }

  /**
   * Proves that a model's answers cannot change, or finds counterexamples.
   *
   * @param requirements thresholds, all of which have to be reached; none = no gate
   */
  record CertifyModel(
      Examination examination, Terms terms, List<Requirement> requirements, Conduct conduct)
      implements JobSpec {
    /** Copies the list. */
    public CertifyModel {
      requirements = List.copyOf(requirements);
    }

    @Override
    public JobOutcome.Certified run(JobContext context) {
      return new ExaminationJob(context).certify(this);
    }
  }

  /**
   * How hard verifiers try.
   *
   * @param rungs from cheap to expensive
   * @param timeout for one input and perturbation
   */
  record Terms(List<Rung> rungs, Guarantee guarantee, Duration timeout) {
    /** Copies the list. */
    public Terms {
      rungs = List.copyOf(rungs);
    }
  }

  /**
   * Certifies the cases of a file, each with a model, an input and a perturbation set of its own.
   *
   * @param rungs from cheap to expensive
   * @param threshold for every case that names none
   * @param timeout for every case, instead of its own
   * @param conduct without pictures, which are not made of cases
   */
  record CertifyCases(
      Path cases,
      List<Rung> rungs,
      Guarantee guarantee,
      Optional<Threshold> threshold,
      Optional<Duration> timeout,
      Conduct conduct)
      implements JobSpec {
    /** Copies the list. */
    public CertifyCases {
      rungs = List.copyOf(rungs);
    }

    @Override
    public JobOutcome.CasesCertified run(JobContext context) {
      return new CasesJob(context).run(this);
    }
  }

  /** Measures a model's accuracy under attack. */
  record AttackModel(Examination examination, EvaluationAttack attack, Conduct conduct)
      implements JobSpec {

    @Override
    public JobOutcome.Attacked run(JobContext context) {
      return new ExaminationJob(context).attack(this);
    }
  }

  /**
   * Answers one VNN-LIB property about a model.
   *
   * @param property its file, which describes counterexamples
   * @param timeout for the whole property, reading the files included
   * @param seed keys the start points of searches
   * @param store where answers are looked up and kept
   */
  record VerifyProperty(Path model, Path property, Duration timeout, long seed, StoreChoice store)
      implements JobSpec {

    @Override
    public JobOutcome.PropertyVerified run(JobContext context) {
      return new PropertyJob(context).run(this);
    }
  }

  /**
   * Writes a page about one run, or about several side by side, and measures what it needs.
   *
   * @param runs run directories, at least one
   * @param data where the files of the data set lie
   * @param images how many test images models are measured on
   * @param exact how many of them are solved exactly
   * @param out where the report goes; empty for the usual place
   */
  record ReportRuns(
      List<Path> runs,
      Optional<Path> data,
      int images,
      SolvingExactly.Extent exact,
      Optional<Path> out)
      implements JobSpec {
    /** Copies the list. */
    public ReportRuns {
      runs = List.copyOf(runs);
    }

    @Override
    public JobOutcome run(JobContext context) {
      return new ReportJob(context).run(this);
    }
  }
}

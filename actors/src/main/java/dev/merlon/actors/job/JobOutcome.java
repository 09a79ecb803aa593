package dev.merlon.actors.job;

import dev.merlon.actors.report.Report;
import dev.merlon.actors.report.RunSummary;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.CaseCounts;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What came out of a job. What cannot be done is a failure that is thrown instead. */
public sealed interface JobOutcome {

  /**
   * A run, as far as it came.
   *
   * @param training completed or stopped, never parked: that is a failure
   * @param evaluation empty where the run was stopped before its model could be certified
   * @param page empty where nobody could expect one: the run was stopped before
   * @param elapsed from start to end
   */
  record Trained(
      TrainingOutcome training,
      Optional<Evaluated> evaluation,
      Optional<Page> page,
      Duration elapsed)
      implements JobOutcome {}

  /**
   * What certifying a run's result said.
   *
   * @param summary the same in words
   */
  record Evaluated(CertificationReport report, RunSummary summary) {}

  /**
   * What certifying a model said.
   *
   * @param report not complete if the job was stopped or a gate ended it early
   */
  record Certified(JobSpec.CertifyModel spec, Inputs inputs, CertificationReport report)
      implements JobOutcome {}

  /**
   * What certifying the cases of a file said.
   *
   * @param counts without all answers if the job was stopped
   * @param elapsed from start to end
   */
  record CasesCertified(JobSpec.CertifyCases spec, CaseCounts counts, Duration elapsed)
      implements JobOutcome {}

  /**
   * What attacking a model said.
   *
   * @param report not complete if the job was stopped
   */
  record Attacked(JobSpec.AttackModel spec, Inputs inputs, CertificationReport report)
      implements JobOutcome {}

  /**
   * What a model was asked about.
   *
   * @param name of the data set or the picture
   * @param label of the one picture that somebody named; empty for images of a data set
   */
  record Inputs(String name, DataSplit split, OptionalInt label) {}

  /**
   * What verifying a property said.
   *
   * @param property as it was read
   * @param result an answer, or why there is none
   * @param elapsed from start to end
   */
  record PropertyVerified(
      JobSpec.VerifyProperty spec, VnnLibProperty property, Verified result, Duration elapsed)
      implements JobOutcome {}

  /** How verifying a property ended. */
  sealed interface Verified {
    /**
     * With an answer.
     *
     * @param reused whether it was known before
     */
    record Answered(Outcome answer, boolean reused) implements Verified {}

    /**
     * With answers that contradict each other: something is wrong, and no answer can be trusted.
     *
     * @param sides how both came about
     */
    record Contradicted(String sides) implements Verified {}

    /** The job was stopped before there was an answer. */
    record Stopped() implements Verified {}
  }

  /** The page of a run that has just ended. */
  sealed interface Page {
    /** It is there. */
    record There(Report.Written written) implements Page {}

    /** It could not be made, although the run is there. */
    record Missing(Failure failure) implements Page {}
  }

  /**
   * A page about runs.
   *
   * @param notes what a reader must know, one sentence each, with the name of its run
   */
  record Reported(Report.Written written, List<Path> runs, List<String> notes)
      implements JobOutcome {
    /** Copies the lists. */
    public Reported {
      runs = List.copyOf(runs);
      notes = List.copyOf(notes);
    }
  }

  /** No page: the job was stopped while it measured. What it measured is kept. */
  record ReportStopped() implements JobOutcome {}
}

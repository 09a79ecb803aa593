package dev.merlon.actors.event;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.model.training.MemoryEstimate;
import dev.merlon.model.verify.count.Summary;
import java.util.List;
import java.util.Optional;

/** What a job tells those who watch it, in the order it happens. */
public sealed interface JobEvent
    permits JobEvent.OfJob, TrainingProgress, CertificationProgress, CasesProgress {

  /** What a job tells of itself, beside what the parts of it tell. */
  sealed interface OfJob extends JobEvent {}

  /**
   * A run is about to be trained: its images are read, it fits into memory, its directory is made.
   *
   * @param settings resolved
   * @param start what it starts from; empty where weights are drawn or the run goes on
   */
  record TrainingPrepared(
      RunDirectory run, RunSettings settings, MemoryEstimate memory, Optional<StartedFrom> start)
      implements OfJob {}

  /**
   * A trained model that a run starts from.
   *
   * @param name what people call it
   * @param warnings what they should know about it
   */
  record StartedFrom(String name, String sha256, List<String> warnings) {
    /** Copies the list. */
    public StartedFrom {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * All files are read that questions come from, and verifiers are about to be asked.
   *
   * @param total how many questions there are
   */
  record QuestionsPrepared(long total) implements OfJob {}

  /** A directory is about to be taken away again, because no run could begin in it. */
  record DirectoryGivenUp(RunDirectory run) implements OfJob {}

  /** A part of the job begins. */
  record PhaseBegan(JobPhase phase) implements OfJob {}

  /** It has ended, well or not. */
  record PhaseEnded(JobPhase phase) implements OfJob {}

  /** A part of the job was asked to stop and does so in order. */
  record Stopping(JobPhase phase) implements OfJob {}

  /**
   * Something that is counted has come so far; of training and certification their own events tell
   * it.
   *
   * @param done 0 when it begins
   * @param note what else is worth knowing, in a few words
   */
  record Advanced(JobPhase phase, long done, long total, String note) implements OfJob {}

  /** A model is certified, or as far as it came. */
  record ModelCertified(Summary summary) implements OfJob {}

  /** A line about what is being done. */
  record Said(String line) implements OfJob {}

  /** Something a person should know that did not stop the job. */
  record Noted(String message) implements OfJob {}
}

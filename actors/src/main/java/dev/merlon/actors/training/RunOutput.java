package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import dev.merlon.config.CheckpointSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.training.Weights;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a run hands to its {@link Checkpointer}: decides which snapshots are saved, keeps at most
 * one waiting while another is being written (the newer replaces it), and counts what fails. Used
 * by one actor.
 */
final class RunOutput {
  private final RunPlan plan;
  private final int failedWrites;
  private final Outbox outbox;
  private Optional<TrainingSnapshot> waiting = Optional.empty();
  private Optional<Path> newest;
  private RunCursor safe;
  private RunCursor offered;
  private final Set<Path> models = new HashSet<>();
  private boolean saving;
  private long savedAt = System.nanoTime();
  private int failures;
  private String problem = "a model is missing";

  /**
   * The output of a run.
   *
   * @param failedWrites writes that may fail in a row
   */
  RunOutput(RunPlan plan, int failedWrites, Outbox outbox) {
    this.plan = plan;
    this.failedWrites = failedWrites;
    this.outbox = outbox;
    this.safe = plan.start().map(TrainingSnapshot::cursor).orElse(RunCursor.START);
    this.offered = safe;
    this.newest = plan.checkpoint().map(CheckpointStore.Found::file);
  }

  /** Writes a line of the metrics. */
  void line(String line) {
    outbox.send(new Checkpointer.AppendMetrics(line));
  }

  /** Takes back lines of the metrics. */
  void cutMetrics(long bytes) {
    outbox.send(new Checkpointer.CutMetrics(bytes));
  }

  /** Writes a model. */
  void model(Path file, ParameterValues values, Weights weights) {
    outbox.send(new Checkpointer.WriteModel(file, values, weights));
  }

  /** Gives a model another name, too. */
  void copyModel(Path from, Path to) {
    outbox.send(new Checkpointer.CopyModel(from, to));
  }

  /** Saves a snapshot if a checkpoint is due by steps or by time. */
  void offer(TrainingSnapshot snapshot) {
    CheckpointSettings settings = plan.settings().checkpoint();
    long steps = snapshot.cursor().globalStep();
    boolean bySteps = settings.everySteps() > 0 && steps % settings.everySteps() == 0;
    boolean byTime =
        !settings.every().isZero() && System.nanoTime() - savedAt >= settings.every().toNanos();
    if (bySteps || byTime) {
      save(snapshot);
    }
  }

  /** Saves a snapshot, as soon as the one before is written. */
  void save(TrainingSnapshot snapshot) {
    if (saving) {
      waiting = Optional.of(snapshot);
    } else {
      send(snapshot);
    }
  }

  /** Saves the last snapshot of the run unless it is saved already, and asks for the end of all. */
  void finish(Optional<TrainingSnapshot> last) {
    waiting = Optional.empty();
    last.filter(snapshot -> snapshot.cursor().compareTo(offered) > 0).ifPresent(this::send);
    outbox.send(new Checkpointer.Flush());
  }

  /** The newest checkpoint on the disk. */
  Optional<Path> newest() {
    return newest;
  }

  /** Whether a model is on the disk. */
  boolean hasModel(Path file) {
    return models.contains(file);
  }

  /** A checkpoint is written. */
  void saved(Checkpointer.Saved saved) {
    newest = Optional.of(saved.file());
    safe = saved.cursor();
    failures = 0;
    next();
  }

  /** A command is done. */
  void done(Checkpointer.Done done) {
    outbox.done(done);
  }

  /** The checkpointer is gone, and this is the next. */
  void writeAgain(ActorRef<Checkpointer.Command> next) {
    outbox.sendTo(next);
  }

  /** A model is written. */
  void modelWritten(Checkpointer.ModelWritten written) {
    models.add(written.file());
  }

  /**
   * A checkpoint failed.
   *
   * @return why the run has to be parked, if it has to
   */
  Optional<Failure> saveFailed(Checkpointer.SaveFailed failed) {
    offered = safe;
    next();
    return failed(failed.problem());
  }

  /**
   * Another write failed.
   *
   * @return why the run has to be parked, if it has to
   */
  Optional<Failure> failed(String problem) {
    failures++;
    this.problem = problem;
    return failures > failedWrites ? Optional.of(unwritable(problem)) : Optional.empty();
  }

  /** Why the last failed write failed. */
  String problem() {
    return problem;
  }

  /** The failure of a directory that cannot be written to. */
  Failure unwritable(String problem) {
    return new Failure.Device(
        "The run directory " + plan.directory() + " cannot be written: " + problem,
        "Make room or repair the disk, then resume the run.");
  }

  private void send(TrainingSnapshot snapshot) {
    saving = true;
    savedAt = System.nanoTime();
    offered = snapshot.cursor();
    outbox.send(new Checkpointer.Save(snapshot));
  }

  private void next() {
    saving = false;
    Optional<TrainingSnapshot> following = waiting;
    waiting = Optional.empty();
    following.ifPresent(this::send);
  }
}

package dev.merlon.actors.training;

import ai.djl.ndarray.types.DataType;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.merlon.config.failure.FileReason;
import dev.merlon.model.checkpoint.AtomicFile;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.file.LineWriter;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ModelProvenance;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The only writer of a run's directory: metrics, models and checkpoints, in the order it is told,
 * so that whatever a checkpoint presupposes is on the disk before it: models that could not be
 * written are tried again before the next checkpoint, which fails with them. It is given immutable
 * values and works on a thread for files, so training never waits for it. It reports every success
 * and every failure and goes on; its owner decides when to give up. Every command can be told again
 * to the next checkpointer until it is reported as {@link Done}.
 */
final class Checkpointer extends AbstractBehavior<Checkpointer.Command> {
  private final RunPlan plan;
  private final LineWriter metrics;
  private final ActorRef<Report> owner;
  private final List<Model> owed = new ArrayList<>();
  private final List<AppendMetrics> unwritten = new ArrayList<>();

  /** What a checkpointer can be told. */
  sealed interface Command {}

  /** Adds a line to the metrics. */
  record AppendMetrics(String line) implements Command {}

  /** Takes back the lines after so many bytes, because their steps are done again. */
  record CutMetrics(long bytes) implements Command {}

  /** Writes a model as ONNX, which says whether it is an average. */
  record WriteModel(Path file, ParameterValues values, Weights weights) implements Command {}

  /** Gives a model that was written before another name, too. */
  record CopyModel(Path from, Path to) implements Command {}

  /** Writes a checkpoint. */
  record Save(TrainingSnapshot snapshot) implements Command {}

  /** Asks for {@link Flushed} once everything told before is done. */
  record Flush() implements Command {}

  /** What a checkpointer tells its owner. */
  sealed interface Report extends TrainingRun.Command {}

  /** A checkpoint is on the disk and was read back. */
  record Saved(RunCursor cursor, Path file, Duration elapsed) implements Report {}

  /** A checkpoint could not be written. */
  record SaveFailed(RunCursor cursor, String problem) implements Report {}

  /** A model is on the disk. */
  record ModelWritten(Path file) implements Report {}

  /** A model or a line of metrics could not be written. */
  record WriteFailed(Path file, String problem) implements Report {}

  /** Everything told before is done. */
  record Flushed() implements Report {}

  /** A command is done and need not be told again. */
  record Done(Command command) implements Report {}

  private interface Bytes {
    byte[] get() throws IOException;
  }

  private record Model(Command command, Path file, Bytes bytes) {
    void write() throws IOException {
      AtomicFile.write(file, bytes.get());
    }
  }

  private Checkpointer(
      ActorContext<Command> context, RunPlan plan, LineWriter metrics, ActorRef<Report> owner) {
    super(context);
    this.plan = plan;
    this.metrics = metrics;
    this.owner = owner;
  }

  /**
   * The writer of a run's directory.
   *
   * @param owner receives every report
   */
  static Behavior<Command> create(RunPlan plan, ActorRef<Report> owner) {
    return Behaviors.setup(
        context ->
            new Checkpointer(context, plan, LineWriter.open(plan.directory().metrics()), owner));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(AppendMetrics.class, this::append)
        .onMessage(CutMetrics.class, this::cut)
        .onMessage(WriteModel.class, this::writeModel)
        .onMessage(CopyModel.class, this::copyModel)
        .onMessage(Save.class, this::save)
        .onMessage(Flush.class, this::flush)
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private Behavior<Command> append(AppendMetrics append) {
    unwritten.add(append);
    try {
      metrics.append(List.of(append.line()));
      settleLines();
    } catch (IOException failed) {
      report(plan.directory().metrics(), failed);
    }
    return this;
  }

  private Behavior<Command> cut(CutMetrics cut) {
    try {
      metrics.cutTo(cut.bytes());
      settleLines();
      done(cut);
    } catch (IOException failed) {
      report(plan.directory().metrics(), failed);
    }
    return this;
  }

  private Behavior<Command> writeModel(WriteModel write) {
    try {
      byte[] model =
          OnnxExport.bytes(
              plan.network(),
              write.values().as(DataType.FLOAT32),
              provenance(write.weights()),
              plan.settings().export());
      write(new Model(write, write.file(), () -> model));
    } catch (RuntimeException failed) {
      report(write.file(), failed);
      done(write);
    }
    return this;
  }

  private Behavior<Command> copyModel(CopyModel copy) {
    write(new Model(copy, copy.to(), () -> Files.readAllBytes(copy.from())));
    return this;
  }

  // A model that could not be written is owed: no checkpoint is written before it.
  private void write(Model model) {
    List<Model> replaced =
        owed.stream().filter(other -> other.file().equals(model.file())).toList();
    owed.removeAll(replaced);
    replaced.forEach(other -> done(other.command()));
    try {
      settle(model);
    } catch (IOException failed) {
      owed.add(model);
      report(model.file(), failed);
    }
  }

  private void writeOwed() throws IOException {
    while (!owed.isEmpty()) {
      settle(owed.get(0));
      owed.remove(0);
    }
  }

  private void settle(Model model) throws IOException {
    model.write();
    owner.tell(new ModelWritten(model.file()));
    done(model.command());
  }

  // A line that could not be written was written with this one, or is taken back.
  private void settleLines() {
    unwritten.forEach(this::done);
    unwritten.clear();
  }

  private void done(Command command) {
    owner.tell(new Done(command));
  }

  private Map<String, String> provenance(Weights weights) {
    return ModelProvenance.notes(
        plan.settings(),
        plan.identity().settingsDigest(),
        plan.identity().dataDigest(),
        weights == Weights.AVERAGED);
  }

  private Behavior<Command> save(Save save) {
    long begun = System.nanoTime();
    RunCursor cursor = save.snapshot().cursor();
    try {
      writeOwed();
      metrics.sync();
      Path file = plan.files().checkpoints().save(save.snapshot());
      owner.tell(new Saved(cursor, file, Duration.ofNanos(System.nanoTime() - begun)));
    } catch (IOException | RuntimeException failed) {
      getContext().getLog().error("Checkpoint of step {} failed", cursor.globalStep(), failed);
      owner.tell(new SaveFailed(cursor, FileReason.of(failed)));
    }
    done(save);
    return this;
  }

  private Behavior<Command> flush(Flush flush) {
    owner.tell(new Flushed());
    done(flush);
    return this;
  }

  private void report(Path file, Exception failed) {
    getContext().getLog().error("{} could not be written", file, failed);
    owner.tell(new WriteFailed(file, FileReason.of(failed)));
  }

  private Behavior<Command> close() {
    try {
      metrics.close();
    } catch (IOException failed) {
      getContext().getLog().warn("{} could not be closed", plan.directory().metrics(), failed);
    }
    return this;
  }
}

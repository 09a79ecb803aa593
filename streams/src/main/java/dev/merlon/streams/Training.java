package dev.merlon.streams;

import akka.Done;
import akka.NotUsed;
import akka.stream.KillSwitches;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** The graphs of a training run. */
public final class Training {
  private Training() {}

  /**
   * A stage that works on one element at a time, in order. The search of a step may begin while the
   * step before is still being propagated: whoever supplies {@code work} decides which weights it
   * has to wait for.
   *
   * @param work a failure fails the stream
   */
  public static <A, B> Flow<InStep<A>, InStep<B>, NotUsed> stage(
      Function<InStep<A>, CompletionStage<B>> work) {
    return Flow.<InStep<A>>create().mapAsync(1, in -> work.apply(in).thenApply(in::with));
  }

  /**
   * The steps of an epoch: batches, attacks, bounds, and a consumer of every committed step. When
   * it is stopped, the step that is being propagated is still committed and one that is only
   * searched is not.
   *
   * @param committed called in order, must not block
   */
  public static <B, A, R> RunnableGraph<RunningStream> steps(
      Source<InStep<B>, NotUsed> batches,
      Flow<InStep<B>, InStep<A>, NotUsed> attacks,
      Flow<InStep<A>, InStep<R>, NotUsed> bounds,
      Consumer<InStep<R>> committed) {
    return batches
        .via(attacks)
        .viaMat(KillSwitches.single(), Keep.right())
        .via(bounds)
        .toMat(Sink.foreach(committed::accept), RunningStream::new);
  }

  /**
   * The steps of an epoch that several stages make together. When it is stopped, a batch that was
   * taken up is still committed.
   *
   * @param step from a batch to its committed step, in order
   * @param committed called in order, must not block
   */
  public static <B, R> RunnableGraph<RunningStream> steps(
      Source<InStep<B>, NotUsed> batches,
      Flow<InStep<B>, InStep<R>, NotUsed> step,
      Consumer<InStep<R>> committed) {
    return batches
        .viaMat(KillSwitches.single(), Keep.right())
        .via(step)
        .toMat(Sink.foreach(committed::accept), RunningStream::new);
  }

  /**
   * A pass over an epoch's batches that changes no weights, such as the estimate of batch-norm
   * statistics.
   *
   * @param measure takes one batch at a time, in order; a failure fails the stream
   * @param measured called in order after each, must not block
   */
  public static <B> RunnableGraph<RunningStream> pass(
      Source<InStep<B>, NotUsed> batches,
      Function<InStep<B>, CompletionStage<Done>> measure,
      Consumer<StepContext> measured) {
    return batches
        .viaMat(KillSwitches.single(), Keep.right())
        .mapAsync(1, batch -> measure.apply(batch).thenApply(done -> batch.context()))
        .toMat(Sink.foreach(measured::accept), RunningStream::new);
  }
}

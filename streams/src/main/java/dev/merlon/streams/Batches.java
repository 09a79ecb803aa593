package dev.merlon.streams;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Streams of batches in the order of their steps. */
public final class Batches {
  private Batches() {}

  /**
   * The batches of an epoch. Loads run ahead of demand, at most {@code prefetch} at a time or
   * waiting to be taken.
   *
   * @param load gives the batch of a step; a failure fails the stream
   * @param prefetch at least 1
   */
  public static <B> Source<InStep<B>, NotUsed> of(
      EpochSteps steps, int prefetch, Function<StepContext, CompletionStage<B>> load) {
    return Source.range(steps.first(), steps.stepsPerEpoch() - 1)
        .map(steps::at)
        .mapAsync(
            prefetch, context -> load.apply(context).thenApply(b -> new InStep<>(context, b)));
  }
}

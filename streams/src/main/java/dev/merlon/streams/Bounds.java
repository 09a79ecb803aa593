package dev.merlon.streams;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The stage that propagates bounds, and commits each step. */
public final class Bounds {
  private Bounds() {}

  /**
   * Propagates one attacked batch at a time, in order; its result is the committed step.
   *
   * @param propagate a failure fails the stream
   */
  public static <A, R> Flow<InStep<A>, InStep<R>, NotUsed> propagate(
      Function<InStep<A>, CompletionStage<R>> propagate) {
    return Flow.<InStep<A>>create()
        .mapAsync(1, attacked -> propagate.apply(attacked).thenApply(attacked::with));
  }
}

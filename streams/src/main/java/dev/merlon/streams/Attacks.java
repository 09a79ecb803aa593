package dev.merlon.streams;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The stage that finds adversarial points for each batch. */
public final class Attacks {
  private Attacks() {}

  /**
   * Searches one batch at a time, in order. A search may begin while the step before is still being
   * propagated: whoever supplies {@code search} decides which weights it has to wait for.
   *
   * @param search a failure fails the stream
   */
  public static <B, A> Flow<InStep<B>, InStep<A>, NotUsed> search(
      Function<InStep<B>, CompletionStage<A>> search) {
    return Flow.<InStep<B>>create()
        .mapAsync(1, batch -> search.apply(batch).thenApply(batch::with));
  }
}

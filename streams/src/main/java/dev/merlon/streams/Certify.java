package dev.merlon.streams;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The stages that turn queries into verdicts. */
public final class Certify {
  private Certify() {}

  /**
   * Verdicts in batches, in the order of the queries. Queries are taken from upstream only as fast
   * as batches are asked for and answered.
   *
   * @param batch queries of one batch, at least 1
   * @param inFlight batches that are being answered, or wait for an earlier one to be; at least 1
   * @param verify answers a batch, one verdict per query in their order; a failure fails the stream
   */
  public static Flow<Query, List<Verdict>, NotUsed> batches(
      int batch, int inFlight, Function<List<Query>, CompletionStage<List<Verdict>>> verify) {
    return Flow.<Query>create()
        .grouped(batch)
        .mapAsync(
            inFlight,
            queries -> verify.apply(queries).thenApply(verdicts -> complete(queries, verdicts)));
  }

  /** As {@link #batches}, verdict by verdict. */
  public static Flow<Query, Verdict, NotUsed> verdicts(
      int batch, int inFlight, Function<List<Query>, CompletionStage<List<Verdict>>> verify) {
    return batches(batch, inFlight, verify).mapConcat(verdicts -> verdicts);
  }

  private static List<Verdict> complete(List<Query> queries, List<Verdict> verdicts) {
    List<?> asked = queries.stream().map(Query::property).toList();
    if (!asked.equals(verdicts.stream().map(Verdict::property).toList())) {
      throw new MerlonException(
          new Failure.Internal(
              queries.size() + " queries were answered by other verdicts than theirs",
              "This is a fault of Merlon; please report it."));
    }
    return verdicts;
  }
}

package dev.merlon.streams;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.japi.function.Creator;
import akka.stream.ActorAttributes;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The two streams of a certification: queries to verifiers, and verdicts from them. They are two
 * because verdicts come in no particular order, and long after their queries.
 */
public final class Certify {
  private Certify() {}

  /**
   * Queries in groups, made and handed over as fast as they are taken.
   *
   * @param open a fresh pass over the queries; used on the dispatcher for files
   * @param group queries at a time, at least 1
   * @param verifiers takes a group whenever it wants one
   */
  public static RunnableGraph<UniqueKillSwitch> supply(
      Creator<Iterator<Query>> open, int group, Sink<List<Query>, NotUsed> verifiers) {
    return Source.fromIterator(open)
        .viaMat(KillSwitches.single(), Keep.right())
        .grouped(group)
        .withAttributes(ActorAttributes.dispatcher(ActorAttributes.IODispatcher().dispatcher()))
        .async()
        .to(verifiers);
  }

  /**
   * Verdicts, one list after the other into a book.
   *
   * @param verdicts sends the next list when the book is done with the one before
   * @param record keeps a list, and says whether to go on; used on the dispatcher for files, by one
   *     thread at a time
   */
  public static <M> RunnableGraph<Pair<M, CompletionStage<Done>>> record(
      Source<List<Verdict>, M> verdicts, Predicate<List<Verdict>> record) {
    return verdicts
        .async()
        .map(record::test)
        .takeWhile(goOn -> goOn)
        .withAttributes(ActorAttributes.dispatcher(ActorAttributes.IODispatcher().dispatcher()))
        .toMat(Sink.ignore(), Keep.both());
  }
}

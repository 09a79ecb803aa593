package dev.merlon.streams;

import akka.NotUsed;
import akka.japi.function.Function2;
import akka.stream.FlowShape;
import akka.stream.javadsl.Broadcast;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.GraphDSL;
import akka.stream.javadsl.ZipWith;

/** Two branches of training that learn from the same batches. */
public final class Branches {
  private Branches() {}

  /**
   * Every batch goes through both branches at the same time; what they made of it leaves together,
   * in order. Neither branch takes up a batch before the other one can.
   *
   * @param one keeps the order, one element out for each in
   * @param other the same
   * @param join of what both made of one batch
   */
  public static <B, R, N, J> Flow<InStep<B>, InStep<J>, NotUsed> sideBySide(
      Flow<InStep<B>, InStep<R>, NotUsed> one,
      Flow<InStep<B>, InStep<N>, NotUsed> other,
      Function2<R, N, J> join) {
    return Flow.fromGraph(
        GraphDSL.create(
            builder -> {
              var batches = builder.add(Broadcast.<InStep<B>>create(2));
              var both =
                  builder.add(
                      ZipWith.<InStep<R>, InStep<N>, InStep<J>>create(
                          (r, n) -> r.with(join.apply(r.value(), n.value()))));
              builder.from(batches).via(builder.add(one)).toInlet(both.in0());
              builder.from(batches).via(builder.add(other)).toInlet(both.in1());
              return FlowShape.of(batches.in(), both.out());
            }));
  }
}

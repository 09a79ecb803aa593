package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Ladder;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LadderTest {
  private static final MarginBounds PROOF = MarginBounds.of(0, 0, 1);
  private static final Question QUESTION =
      new Question(new NormBall(new LInf(), 0.1, true), Guarantee.NOMINAL);
  private static final Clock CLOCK = new Clock(Long.MAX_VALUE, () -> 0, () -> false);

  @Test
  void climb_oneInputBreaksItsBatch_onlyThatInputUnknown() {
    List<OpenQuery> queries = queries(5);
    RungStep fragile =
        step(
            Rung.IBP,
            2,
            query -> {
              if (query.query().index() == 3) {
                throw new IllegalStateException("broken\nstack");
              }
              prove(query);
            });

    new Ladder<>(List.of(fragile), CLOCK).climb(queries);

    for (OpenQuery query : queries) {
      Verdict verdict = query.verdict();
      boolean broken = query.query().index() == 3;
      assertThat(verdict.kind()).isEqualTo(broken ? Outcome.Kind.UNKNOWN : Outcome.Kind.CERTIFIED);
      if (broken) {
        assertThat(verdict.failure())
            .hasValue("failed: IllegalStateException: broken; no margin is bounded yet");
      } else {
        assertThat(verdict.failure()).isEmpty();
      }
    }
  }

  @Test
  void climb_queriesEnded_dearerRungsSeeOnlyTheOthersInBatches() {
    List<List<Integer>> seen = new ArrayList<>();
    RungStep cheap =
        step(
            Rung.IBP,
            100,
            query -> {
              if (query.query().index() % 2 == 0) {
                prove(query);
              }
            });
    RungStep expensive =
        new RungStep() {
          @Override
          public Rung rung() {
            return Rung.CROWN;
          }

          @Override
          public int batch() {
            return 2;
          }

          @Override
          public void answer(List<OpenQuery> queries, Question question) {
            seen.add(queries.stream().map(query -> query.query().index()).toList());
          }
        };

    new Ladder<>(List.of(cheap, expensive), CLOCK).climb(queries(10));

    assertThat(seen).containsExactly(List.of(1, 3), List.of(5, 7), List.of(9));
  }

  @Test
  void answer_boundNotFinite_numericFailureNeverCertified() {
    TinyModel model = TinyModel.line();
    for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      MarginBounds bounds = MarginBounds.of(0, 0, broken);

      assertThat(bounds.finite()).isFalse();
      assertThat(bounds.certify()).isFalse();
      assertThat(boundedBy(model, broken).kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    }
  }

  /** The verdict on one query by a rung whose bound is a given number. */
  private static Verdict boundedBy(TinyModel model, double bound) {
    try (Scope scope = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT64, scope);
      BoundStep step =
          new BoundStep(
              Rung.IBP,
              live,
              10,
              (network, input, guarantee, labels) ->
                  input.point().getManager().create(new double[] {0, bound}));
      OpenQuery query = queries(1).get(0);
      List<RungStep> steps = List.of(new PredictStep(model.predictor(), 10), step);
      new Ladder<>(steps, CLOCK).climb(List.of(query));
      return query.verdict();
    }
  }

  private static void prove(OpenQuery query) {
    query.bounded(PROOF);
    query.end(new Outcome.Certified(Rung.IBP, PROOF));
  }

  private static List<OpenQuery> queries(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new OpenQuery(PendingQuery.fresh(Query.of(i, new float[] {0.8f}, 0, QUESTION))))
        .toList();
  }

  private static RungStep step(Rung rung, int batch, Consumer<OpenQuery> each) {
    return new RungStep() {
      @Override
      public Rung rung() {
        return rung;
      }

      @Override
      public int batch() {
        return batch;
      }

      @Override
      public void answer(List<OpenQuery> queries, Question question) {
        queries.forEach(each);
      }
    };
  }
}

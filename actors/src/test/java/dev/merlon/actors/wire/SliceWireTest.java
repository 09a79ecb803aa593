package dev.merlon.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.proto.QueryAnswer;
import dev.merlon.proto.QueryOutcome;
import dev.merlon.proto.SliceAnswers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SliceWireTest {
  private static final MarginBounds BOUNDS = MarginBounds.of(0, 0, 0.1, Math.nextUp(2.0));
  private static final Counterexample POINT =
      new Counterexample(Candidate.of(new float[] {0.1f, -0.0f}, 0.1), OptionalInt.of(2));

  @Test
  void question_andBack_isTheSameToTheBit() {
    float[] x = {0.1f, Math.nextUp(0.5f), -0.0f};
    Query query =
        new Query(
            7,
            Optional.of("größer"),
            x,
            0,
            new Question(new NormBall(new L2(), 0.1, false), Guarantee.DEPLOYED));
    PendingQuery pending = new PendingQuery(query, progress());

    PendingQuery back = SliceWire.query(SliceWire.question(pending), SliceWire.input(pending));

    assertThat(back.query().x()).containsExactly(x);
    assertThat(back.query()).usingRecursiveComparison().isEqualTo(query);
    assertThat(back.progress()).usingRecursiveComparison().isEqualTo(progress());
  }

  @Test
  void effort_andBack_isTheSame() {
    Effort effort =
        Effort.of(
                List.of(Rung.CROWN, Rung.PGD),
                AttackStrength.STANDARD.attack(),
                -3,
                Duration.ofNanos(12_345_678_901L))
            .crossChecked()
            .upTo(LadderPhase.SLOW);

    assertThat(SliceWire.effort(SliceWire.terms(effort))).isEqualTo(effort);
    assertThatThrownBy(() -> SliceWire.terms(effort.keepingProofs()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void answers_everyOutcomeAndBack_areTheSame() {
    List<Outcome> outcomes =
        List.of(
            new Outcome.Certified(Rung.IBP, BOUNDS),
            new Outcome.Falsified(Rung.PGD, POINT),
            new Outcome.Unknown(Rung.BAB, "why"),
            Outcome.Unknown.failed(Rung.CROWN, "broke"),
            new Outcome.Timeout(Rung.BAB),
            new Outcome.Timeout(Rung.BAB, Optional.of("late")),
            new Outcome.Misclassified(),
            new Outcome.Conflict(Rung.IBP, "two", Optional.of(POINT)),
            new Outcome.Conflict(Rung.IBP, "two", Optional.empty()));
    List<PendingQuery> slice = slice(outcomes.size() + 1);
    List<Answers.Answered> answered =
        IntStream.range(0, outcomes.size())
            .mapToObj(
                i ->
                    new Answers.Answered(
                        new PendingQuery(slice.get(i).query(), progress()), outcomes.get(i)))
            .toList();
    PendingQuery left = new PendingQuery(slice.get(outcomes.size()).query(), progress());

    Answers back =
        SliceWire.answers(
            slice, SliceWire.answers(slice, new Answers(answered, List.of(left))).build());

    assertThat(back.answered()).extracting(Answers.Answered::outcome).isEqualTo(outcomes);
    assertThat(back.answered())
        .extracting(one -> one.asked().progress().margins())
        .containsOnly(Optional.of(BOUNDS));
    assertThat(back.left()).hasSize(1).allMatch(left::asksTheSame);
  }

  @Test
  void answers_certificateWithoutProvingMargins_isNone() {
    for (double last : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      SliceAnswers message =
          SliceAnswers.newBuilder()
              .addAnswered(
                  QueryAnswer.newBuilder()
                      .setOutcome(
                          QueryOutcome.newBuilder()
                              .setKind("certified")
                              .setRung("ibp")
                              .addAllMargins(List.of(0.0, 1.0, last))))
              .build();

      assertThatThrownBy(() -> SliceWire.answers(slice(1), message))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void answers_placeThatWasNotAsked_isRefused() {
    SliceAnswers message =
        SliceAnswers.newBuilder().addAnswered(QueryAnswer.newBuilder().setPlace(1)).build();

    assertThatThrownBy(() -> SliceWire.answers(slice(1), message))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Progress progress() {
    return new Progress(
        Set.of(Rung.PREDICT, Rung.IBP),
        Optional.of(new Progress.Prediction(0, new double[] {1.5, -0.0, 0.1})),
        Optional.of(BOUNDS),
        123_456_789,
        Map.of(),
        List.of());
  }

  private static List<PendingQuery> slice(int queries) {
    Question question = new Question(new NormBall(new L2(), 1, true), Guarantee.REAL);
    return IntStream.range(0, queries)
        .mapToObj(i -> PendingQuery.fresh(Query.of(i, new float[] {i}, 0, question)))
        .toList();
  }
}

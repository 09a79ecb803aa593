package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LadderVerifierTest {

  @AfterEach
  void everyScopeIsClosed() {
    assertThat(NativeMemory.openScopes()).doesNotContainKey("verifier");
  }

  @Test
  void verify_marginStaysPositive_certifiedByIntervals() {
    Verdict verdict = only(TinyModel.line(), linf(0.25, true), 0, 0.8f);

    assertThat(verdict.certified()).isTrue();
    assertThat(verdict.outcome().rung()).isEqualTo(Rung.IBP);
    assertThat(verdict.predicted()).hasValue(0);
    // 2 (x - eps) - 1 with x the float32 number nearest 0.8.
    assertThat(verdict.margins().orElseThrow().against(1)).isEqualTo(2 * (0.8f - 0.25) - 1);
  }

  @Test
  void verify_tieIsReachable_notCertified() {
    Verdict verdict = only(TinyModel.line(), linf(0.25, true), 0, 0.75f);

    assertThat(verdict.margins().orElseThrow().against(1)).isZero();
    assertThat(verdict.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    assertThat(verdict.outcome().reason())
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("nothing left to split", "to class 1", "open"));
    assertThat(verdict.outcome().rung()).isEqualTo(Rung.BAB);
  }

  @Test
  void verify_otherClassIsReachable_falsifiedInsideTheSet() {
    Verdict verdict = only(TinyModel.line(), linf(0.4, true), 0, 0.8f);

    assertThat(verdict.outcome().rung()).isEqualTo(Rung.PGD);
    float point = ((Outcome.Falsified) verdict.outcome()).point().point()[0];
    assertThat((double) 0.8f - point).isGreaterThan(0.3).isLessThanOrEqualTo(0.4);
    assertThat(verdict.margins().orElseThrow().against(1)).isNegative();
  }

  @Test
  void verify_untargetedSearchLeftOut_falsifiedByTheTargetedOne() {
    List<Rung> rungs = List.of(Rung.IBP, Rung.TARGETED_PGD);
    Effort settings = TinyModel.effort(rungs, Duration.ofHours(1));
    Verdict verdict = answer(TinyModel.line(), settings, query(linf(0.4, true), 0, 0.8f));

    assertThat(verdict.outcome().rung()).isEqualTo(Rung.TARGETED_PGD);
    float point = ((Outcome.Falsified) verdict.outcome()).point().point()[0];
    assertThat((double) 0.8f - point).isGreaterThan(0.3).isLessThanOrEqualTo(0.4);
  }

  @Test
  void verify_untargetedSearchLeadsAstray_targetedFindsTheOtherClass() {
    Verdict verdict = only(TinyModel.decoy(), linf(0.4, true), 0, 0.5f);

    assertThat(verdict.outcome().rung()).isEqualTo(Rung.TARGETED_PGD);
  }

  @Test
  void verify_inputHasAnotherClass_misclassifiedWithoutBounds() {
    Verdict verdict = only(TinyModel.line(), linf(0.1, true), 1, 0.8f);

    assertThat(verdict.outcome()).isEqualTo(new Outcome.Misclassified());
    assertThat(verdict.predicted()).hasValue(0);
    assertThat(verdict.margins()).isEmpty();
    assertThat(verdict.correct()).isFalse();
  }

  @Test
  void verify_boxesTooLoose_certifiedByBackwardBounds() {
    Verdict verdict = only(TinyModel.cancelling(), linf(0.2, true), 0, 0.6f);

    assertThat(verdict.certified()).isTrue();
    assertThat(verdict.outcome().rung()).isEqualTo(Rung.CROWN_IBP);
    assertThat(verdict.margins().orElseThrow().against(1)).isGreaterThan(0.09);
  }

  @Test
  void verify_onlyIntervalsAllowed_unknownWithTheirBound() {
    Effort intervals = TinyModel.effort(List.of(Rung.IBP), Duration.ofHours(1));
    Verdict verdict = answer(TinyModel.cancelling(), intervals, query(linf(0.2, true), 0, 0.6f));

    assertThat(verdict.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    assertThat(verdict.outcome().rung()).isEqualTo(Rung.IBP);
    assertThat(verdict.margins().orElseThrow().smallest()).isNegative();
  }

  @Test
  void verify_euclideanBall_exactAtTheDualNorm() {
    double distance = 0.5 / Math.sqrt(2);

    assertThat(plane(new NormBall(new L2(), distance - 1e-6, false)))
        .isEqualTo(Outcome.Kind.CERTIFIED);
    assertThat(plane(new NormBall(new L2(), distance + 1e-3, false)))
        .isEqualTo(Outcome.Kind.FALSIFIED);
    assertThat(plane(linf(0.25 - 1e-6, false))).isEqualTo(Outcome.Kind.CERTIFIED);
    assertThat(plane(linf(0.25 + 1e-3, false))).isEqualTo(Outcome.Kind.FALSIFIED);
  }

  @Test
  void verify_counterexampleOnlyOutsideTheCube_clipDecides() {
    TinyModel model = TinyModel.floor();

    assertThat(only(model, linf(0.2, true), 0, 0.1f).kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    Verdict whole = only(model, linf(0.2, false), 0, 0.1f);

    assertThat(whole.kind()).isEqualTo(Outcome.Kind.FALSIFIED);
    assertThat(whole.outcome().counterexample().orElseThrow().point()[0]).isNegative();
  }

  /** Class 1 is ahead by {@code 2^-40}, which float32 does not show beside 0.5. */
  @Test
  void verify_wideOutputsThatAreOneFloat_areComparedExactly() {
    byte[] file =
        HandWritten.wide(-1, 1, 1, 1)
            .values("both", new double[] {1, 1}, 1, 2)
            .values("ahead", new double[] {0, 0x1p-40}, 2)
            .then("Flatten", List.of())
            .then("MatMul", List.of("both"))
            .then("Add", List.of("ahead"))
            .ending(-1, 2);

    Verdict behind = answer(OnnxImport.parse(file, "wide.onnx"), query(linf(0.1, true), 0, 0.5f));
    Verdict ahead = answer(OnnxImport.parse(file, "wide.onnx"), query(linf(0.1, true), 1, 0.5f));

    assertThat(behind.kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
    assertThat(behind.predicted()).hasValue(1);
    assertThat(ahead.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
  }

  /** Its logits differ by at most {@code 1e-9}, which the file's softmax does not show. */
  @Test
  void verify_softmaxThatMakesClassesEqual_decidesWhatIsPredictedAndFalsified() {
    ImportedModel model = OnnxImport.parse(softmax(new double[] {1e-9, 0}, 0.5e-9), "m.onnx");

    Verdict first = answer(model, query(linf(0.4, true), 0, 0.7f));
    Verdict second = answer(model, query(linf(0.4, true), 1, 0.3f));

    assertThat(first.predicted()).hasValue(0);
    assertThat(first.kind()).isIn(Outcome.Kind.UNKNOWN, Outcome.Kind.TIMEOUT);
    assertThat(second.kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
  }

  @Test
  void verify_softmaxAtTheEnd_hasMarginsOfTheLogitsAndReplaysOnTheFile() {
    byte[] file = softmax(new double[] {10, 0}, 5);
    ImportedModel model = OnnxImport.parse(file, "m.onnx");

    Verdict certified = answer(model, query(linf(0.1, true), 0, 0.75f));
    Verdict falsified = answer(model, query(linf(0.4, true), 0, 0.75f));

    assertThat(certified.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    assertThat(certified.margins().orElseThrow().against(1)).isCloseTo(1.5, offset(1e-6));
    float[] point = falsified.outcome().counterexample().orElseThrow().point();
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      double[] outputs = session.outputs(point, 1)[0];
      assertThat(outputs[1]).isGreaterThan(outputs[0]);
      assertThat(outputs[0] + outputs[1]).isCloseTo(1, offset(1e-6));
    }
  }

  @Test
  void verify_softmaxAtTheEnd_isRefusedForWhatTheRuntimeComputes() {
    ImportedModel model = OnnxImport.parse(softmax(new double[] {10, 0}, 5), "m.onnx");
    Question deployed = new Question(linf(0.1, true), Guarantee.DEPLOYED);
    List<Query> queries = List.of(Query.of(0, new float[] {0.5f}, 0, deployed));

    try (Verifier verifier = LadderVerifier.open(model, TinyModel.LIMITS)) {
      assertThatThrownBy(() -> verifier.verify(queries, TinyModel.effort()))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("Softmax");
    }
    assertThatThrownBy(() -> Guarantee.DEPLOYED.requirePossible(model))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("deployed")
        .hasMessageContaining("Softmax");
  }

  /** Logits {@code w x} and a constant, then a softmax. */
  private static byte[] softmax(double[] weights, double constant) {
    return HandWritten.of(-1, 1, 1, 1)
        .values("w", weights, 1, 2)
        .values("b", new double[] {0, constant}, 2)
        .then("Flatten", List.of())
        .then("MatMul", List.of("w"))
        .then("Add", List.of("b"))
        .then("Softmax", List.of())
        .ending(-1, 2);
  }

  @Test
  void verify_fileDiffersFromGraph_modelRefusedAndClosed() {
    TinyModel.FilePredictor other = new TinyModel.FilePredictor(x -> new float[] {x[0], 2 - x[0]});
    TinyModel model = TinyModel.line();

    assertThatThrownBy(
            () ->
                LadderVerifier.open(
                    TinyModel.KEY,
                    model.network(),
                    model.values(),
                    other,
                    TinyModel.LIMITS,
                    System::nanoTime))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> assertThat(refused.failure()).isInstanceOf(Failure.ModelFormat.class));
    assertThat(other.closed()).isEqualTo(1);
  }

  @Test
  void verify_certifiedButFileDisagreesInTheSet_conflictWhenCrossChecked() {
    TinyModel trap =
        TinyModel.line()
            .withFile(
                x ->
                    Math.abs(x[0] - 0.7f) < 1e-5
                        ? new float[] {0, 1}
                        : new float[] {x[0], 1 - x[0]});
    Query query = query(linf(0.1, true), 0, 0.8f);
    List<Rung> rungs = List.of(Rung.values());

    Verdict checked =
        answer(trap, TinyModel.effort(rungs, Duration.ofHours(1)).crossChecked(), query);
    Verdict unchecked = answer(trap, TinyModel.effort(), query);

    assertThat(checked.kind()).isEqualTo(Outcome.Kind.CONFLICT);
    assertThat(checked.outcome().reason()).hasValue("certified by ibp but refuted by pgd");
    assertThat(checked.outcome().counterexample()).isPresent();
    assertThat(unchecked.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
  }

  @Test
  void verify_boundAboveTheMarginAtTheInput_conflict() {
    TinyModel trap =
        TinyModel.line()
            .withFile(x -> x[0] == 0.8f ? new float[] {0.5f, 0.4f} : new float[] {x[0], 1 - x[0]});

    Verdict verdict = only(trap, linf(0.1, true), 0, 0.8f);

    assertThat(verdict.kind()).isEqualTo(Outcome.Kind.CONFLICT);
    assertThat(verdict.outcome().counterexample()).isEmpty();
  }

  @Test
  void verify_attackMissesWhatTheFileDoes_notFalsified() {
    // The graph's counterexamples are none of the file's: the candidate is dropped.
    TinyModel stubborn =
        TinyModel.line()
            .withFile(
                x ->
                    x[0] < 0.5f && x[0] > 0.35f
                        ? new float[] {1, 0}
                        : new float[] {x[0], 1 - x[0]});
    // The self-check would notice so large a difference; only the attack's confirmation is tested.
    AttackStep step =
        new AttackStep(
            (queries, set) -> List.of(Candidate.at(0.4f)),
            new Confirmation(stubborn.predictor()),
            10,
            false);
    OpenQuery open = new OpenQuery(pending(linf(0.4, true), 0, 0.8f));

    step.answer(List.of(open), open.query().question());

    assertThat(open.open()).isTrue();
  }

  @Test
  void verify_candidateOutsideTheSet_movedInsideAndNotCounted() {
    AttackStep step =
        new AttackStep(
            (queries, set) -> List.of(Candidate.at(0)),
            new Confirmation(TinyModel.line().predictor()),
            10,
            false);
    OpenQuery open = new OpenQuery(pending(linf(0.1, true), 0, 0.8f));

    step.answer(List.of(open), open.query().question());

    assertThat(open.open()).isTrue();
  }

  @Test
  void verify_nothingProves_saysWhichClassStandsAgainstItAndByHowMuch() {
    Effort boxes = TinyModel.effort(List.of(Rung.IBP), Duration.ofHours(1));

    List<Verdict> verdicts =
        answers(
            TinyModel.line(), boxes, List.of(query(linf(0.4, true), 0, 0.75f)), System::nanoTime);

    assertThat(verdicts.get(0).outcome().reason().orElseThrow())
        .startsWith("no rung proved or refuted it; margin to class 1 at least -0.3");
  }

  @Test
  void open_modelTooLargeForTheMemory_refusedWithWhatItNeeds() {
    Limits byteByByte = new Limits(1, 1, 1);

    assertThatThrownBy(() -> byteByByte.requireRoom(TinyModel.line().network()))
        .isInstanceOfSatisfying(
            MerlonException.class,
            refused -> {
              assertThat(refused.failure().message()).contains("4 values a sample");
              assertThat(refused.failure().remedy()).contains("merlon.verify.memory");
            });
  }

  @Test
  void verify_timeSpentOnPrediction_timeoutBeforeBounds() {
    AtomicLong now = new AtomicLong();
    Effort oneMilli = TinyModel.effort(List.of(Rung.values()), Duration.ofMillis(1));

    List<Verdict> verdicts =
        answers(
            TinyModel.line(),
            oneMilli,
            List.of(query(linf(0.1, true), 0, 0.8f), query(linf(0.1, true), 1, 0.8f)),
            () -> now.getAndAdd(2_000_000));

    assertThat(verdicts.get(0).outcome())
        .isEqualTo(
            new Outcome.Timeout(Rung.PREDICT, Optional.of("time is up; no margin is bounded yet")));
    assertThat(verdicts.get(0).millis()).isEqualTo(1);
    assertThat(verdicts.get(1).kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
  }

  @Test
  void verify_impossibleQueries_unknownAndTheOthersAnswered() {
    PerturbationSet set = linf(0.1, true);
    List<Query> queries = new ArrayList<>();
    queries.add(query(set, 0, 0.8f, 0.1f));
    queries.add(query(set, 2, 0.8f));
    queries.add(query(set, 0, Float.NaN));
    queries.add(query(set, 0, 1.5f));
    queries.add(query(set, 0, 0.8f));

    List<Verdict> verdicts = answers(TinyModel.line(), TinyModel.effort(), queries);

    assertThat(verdicts)
        .extracting(Verdict::kind)
        .containsExactly(
            Outcome.Kind.UNKNOWN,
            Outcome.Kind.UNKNOWN,
            Outcome.Kind.UNKNOWN,
            Outcome.Kind.UNKNOWN,
            Outcome.Kind.CERTIFIED);
    assertThat(verdicts.get(0).outcome().reason().orElseThrow()).contains("2 values");
    assertThat(verdicts.get(1).outcome().reason().orElseThrow()).contains("label 2");
    assertThat(verdicts.get(2).outcome().reason().orElseThrow()).contains("NaN");
    assertThat(verdicts.get(3).outcome().reason().orElseThrow()).contains("outside [0,1]");
  }

  @Test
  void verify_manyQueriesInSmallBatches_sameAsOneByOne() {
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      PerturbationSet set = i % 2 == 0 ? linf(0.1, true) : new NormBall(new L2(), 0.1, false);
      Question question = new Question(set, Guarantee.NOMINAL);
      queries.add(new Query(i, Optional.of("case " + i), new float[] {i / 64f}, 0, question));
    }

    List<Verdict> together = answers(TinyModel.line(), TinyModel.effort(), queries);
    List<Verdict> inSevens;
    try (Verifier verifier = TinyModel.line().open(new Limits(7, 1 << 20, 1), System::nanoTime)) {
      inSevens = verifier.verify(queries, TinyModel.effort());
    }

    assertThat(together).extracting(v -> v.property().id().orElseThrow()).startsWith("case 0");
    for (int i = 0; i < queries.size(); i++) {
      assertThat(inSevens.get(i).kind()).isEqualTo(together.get(i).kind());
      assertThat(inSevens.get(i).margins()).isEqualTo(together.get(i).margins());
      double margin = 2 * (i / 64.0) - 1;
      Outcome.Kind exact =
          margin < 0
              ? Outcome.Kind.MISCLASSIFIED
              : margin - 0.2 > 0 ? Outcome.Kind.CERTIFIED : Outcome.Kind.FALSIFIED;
      if (i != 32) {
        assertThat(together.get(i).kind()).as("input %s", i).isEqualTo(exact);
      }
    }
  }

  private static Outcome.Kind plane(PerturbationSet set) {
    return only(TinyModel.plane(), set, 0, 0.75f, 0.75f).kind();
  }

  private static Verdict only(TinyModel model, PerturbationSet set, int label, float... x) {
    return answer(model, TinyModel.effort(), query(set, label, x));
  }

  private static Verdict answer(ImportedModel model, Query query) {
    try (Verifier verifier = LadderVerifier.open(model, TinyModel.LIMITS)) {
      return verifier.verify(List.of(query), TinyModel.effort()).get(0);
    }
  }

  private static Verdict answer(TinyModel model, Effort effort, Query query) {
    return answers(model, effort, List.of(query)).get(0);
  }

  private static List<Verdict> answers(TinyModel model, Effort effort, List<Query> queries) {
    return answers(model, effort, queries, System::nanoTime);
  }

  private static List<Verdict> answers(
      TinyModel model, Effort effort, List<Query> queries, LongSupplier clock) {
    TinyModel.FilePredictor predictor = model.predictor();
    try (Verifier verifier =
        LadderVerifier.open(
            TinyModel.KEY, model.network(), model.values(), predictor, TinyModel.LIMITS, clock)) {
      return verifier.verify(queries, effort);
    } finally {
      assertThat(predictor.closed()).isEqualTo(1);
    }
  }

  private static PendingQuery pending(PerturbationSet set, int label, float... x) {
    return PendingQuery.fresh(query(set, label, x));
  }

  private static Query query(PerturbationSet set, int label, float... x) {
    return Query.of(0, x, label, new Question(set, Guarantee.NOMINAL));
  }

  private static PerturbationSet linf(double eps, boolean clip) {
    return new NormBall(new LInf(), eps, clip);
  }
}

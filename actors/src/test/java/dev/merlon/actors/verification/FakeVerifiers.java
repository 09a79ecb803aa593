package dev.merlon.actors.verification;

import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.VerifierFactory;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Verifiers that certify everything, count what happens to them and do what a test wants first. */
final class FakeVerifiers implements VerifierFactory {
  static final PerturbationSet SET = new NormBall(new LInf(), 0.1, true);

  static final Question QUESTION = new Question(SET, Guarantee.NOMINAL);
  static final Effort EFFORT =
      Effort.of(List.of(Rung.IBP), AttackStrength.QUICK.attack(), 1, Duration.ofSeconds(1));

  /** The answer to every property. */
  static final Outcome EXCLUDED = new Outcome.Excluded(Rung.IBP, "a fake");

  /** Models that a verifier of these settings keeps open. */
  static final int OPEN_MODELS = 2;

  private final Consumer<List<Query>> before;
  private volatile boolean waits;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();

  FakeVerifiers(Consumer<List<Query>> before) {
    this.before = before;
  }

  static List<Query> queries(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(index -> Query.of(index, new float[] {0.5f}, 0, QUESTION))
        .toList();
  }

  static VerificationSettings settings(int verifiers) {
    return settings(verifiers, Duration.ofMinutes(1));
  }

  /** Settings with which a verifier hangs that takes longer than its queries may. */
  static VerificationSettings impatient(int verifiers) {
    return settings(verifiers, Duration.ZERO);
  }

  private static VerificationSettings settings(int verifiers, Duration replyGrace) {
    return new VerificationSettings(
        verifiers,
        4,
        new Limits(4, 1 << 20, 1),
        new VerificationSettings.Holding(OPEN_MODELS, 1 << 20),
        2,
        replyGrace);
  }

  /** A model whose verifiers these are. */
  ServedModel model(String digest) {
    return new ServedModel(digest, 1, this, Optional.empty());
  }

  /** The same, but what they are asked is not answered until they are stopped, and given back. */
  FakeVerifiers untilStopped() {
    waits = true;
    return this;
  }

  int opened() {
    return opened.get();
  }

  int closed() {
    return closed.get();
  }

  int mostAtOnce() {
    return mostAtOnce.get();
  }

  @Override
  public Verifier open() {
    opened.incrementAndGet();
    return new Verifier() {
      @Override
      public Answers verify(List<? extends Pending> slice, Effort effort, BooleanSupplier stop) {
        mostAtOnce.accumulateAndGet(working.incrementAndGet(), Math::max);
        try {
          before.accept(
              slice.stream()
                  .filter(PendingQuery.class::isInstance)
                  .map(pending -> ((PendingQuery) pending).query())
                  .toList());
          if (waits) {
            while (!stop.getAsBoolean()) {
              Thread.onSpinWait();
            }
            return new Answers(List.of(), List.copyOf(slice));
          }
          return new Answers(slice.stream().map(FakeVerifiers::answered).toList(), List.of());
        } finally {
          working.decrementAndGet();
        }
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  private static Answers.Answered answered(Pending pending) {
    return pending instanceof PendingQuery asked
        ? certified(asked.query())
        : new Answers.Answered(pending, EXCLUDED);
  }

  private static Answers.Answered certified(Query query) {
    double[] ahead = new double[query.label() + 2];
    Arrays.fill(ahead, 1);
    MarginBounds margins = MarginBounds.of(query.label(), ahead);
    Progress progress =
        new Progress(
            Set.of(Rung.PREDICT, Rung.IBP),
            Optional.of(new Progress.Prediction(query.label(), ahead)),
            Optional.of(margins),
            1_000_000,
            Map.of(),
            List.of());
    return new Answers.Answered(
        new PendingQuery(query, progress), new Outcome.Certified(Rung.IBP, margins));
  }
}

package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingProperty;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.RegionProgress;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Properties that a verifier gives back, and another one goes on with. */
class PropertyProgressTest {
  // Proved by splitting boxes only, in several rounds.
  private static final String SPLIT = "(and (>= Y_0 0.6) (<= Y_1 0.599))";

  @Test
  void verify_stoppedAnywhere_anotherVerifierGoesOnWhereItStopped() {
    int all = questions(List.of(fresh()));
    int sooner = 0;
    for (int questions = 0; questions < all; questions += Math.max(1, all / 12)) {
      AtomicInteger left = new AtomicInteger(questions);

      Answers first =
          verify(List.of(fresh()), PropertyNetworks.effort(0), () -> left.decrementAndGet() < 0);

      if (!first.left().isEmpty()) {
        int rest = questions(first.left());
        assertThat(rest).isLessThanOrEqualTo(all);
        sooner += questions > all / 2 && rest < all - questions + all / 10 ? 1 : 0;
      }
    }
    // What a round or a search had begun is begun again: the second half is rounds.
    assertThat(sooner).isGreaterThan(3);
  }

  @Test
  void verify_phaseByPhase_keepsWhatWasTriedAndWhatIsExcluded() {
    Pending fresh =
        PendingProperty.fresh(PropertyNetworks.property("(or (>= Y_0 3) (>= Y_0 (+ Y_1 0.05)))"));

    Pending left = only(verify(List.of(fresh), quick(), () -> false).left());
    RegionProgress region = only(left.progress().regions());
    List<Pending> again = verify(List.of(left), quick(), () -> false).left();

    assertThat(region.tried()).containsExactlyInAnyOrder(Rung.CROWN_IBP, Rung.PGD);
    assertThat(only(region.open()).cases()).hasSize(1);
    assertThat(only(again).progress()).isEqualTo(left.progress());
    assertThat(only(verify(again, PropertyNetworks.effort(0), () -> false).answered()).outcome())
        .isEqualTo(new Outcome.Excluded(Rung.BAB, "every region is excluded"));
  }

  @Test
  void verify_regionThatWasExcluded_isNotLookedAtAgain() {
    String text = "(or (and (<= X_0 0.5) (>= Y_0 3)) (and (>= X_0 0.6) (>= Y_0 (+ Y_1 0.05))))";
    Pending fresh = PendingProperty.fresh(PropertyNetworks.property(text));

    Pending left = only(verify(List.of(fresh), quick(), () -> false).left());

    assertThat(left.progress().regions())
        .extracting(one -> one.outcome().map(Outcome::kind).orElse(Outcome.Kind.UNKNOWN))
        .containsExactly(Outcome.Kind.CERTIFIED, Outcome.Kind.UNKNOWN);
    assertThat(left.progress().regions().get(0).open()).isEmpty();
    assertThat(questions(List.of(left))).isPositive();
  }

  @Test
  void verify_timeSpentBefore_counts() {
    Pending left = only(verify(List.of(fresh()), quick(), () -> false).left());
    long spent = left.progress().spentNanos();
    Effort over = PropertyNetworks.effort(0).within(Duration.ofNanos(spent));

    assertThat(spent).isPositive();
    assertThat(only(verify(List.of(left), over, () -> false).answered()).outcome().kind())
        .isEqualTo(Outcome.Kind.TIMEOUT);
  }

  private static Pending fresh() {
    return PendingProperty.fresh(PropertyNetworks.property(SPLIT));
  }

  /** How often it is asked whether to stop until a property is proved. */
  private static int questions(List<Pending> slice) {
    AtomicInteger asked = new AtomicInteger();
    Answers answers =
        verify(
            slice,
            PropertyNetworks.effort(0),
            () -> {
              asked.incrementAndGet();
              return false;
            });
    assertThat(only(answers.answered()).outcome().kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    return asked.get();
  }

  private static Answers verify(List<Pending> slice, Effort effort, BooleanSupplier stop) {
    try (Verifier verifier =
        LadderVerifier.open(PropertyNetworks.distance(), PropertyNetworks.LIMITS)) {
      return verifier.verify(slice, effort, stop);
    }
  }

  private static Effort quick() {
    return PropertyNetworks.effort(0).upTo(LadderPhase.QUICK);
  }

  private static <T> T only(List<T> all) {
    assertThat(all).hasSize(1);
    return all.get(0);
  }
}

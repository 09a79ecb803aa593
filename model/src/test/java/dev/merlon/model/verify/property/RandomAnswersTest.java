package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.Specification;
import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.Format;
import dev.merlon.model.verify.vnnlib.InputBox;
import dev.merlon.model.verify.vnnlib.Numbers;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Random networks and properties against a grid of inputs, and faults that this has to notice. */
class RandomAnswersTest {
  private static final int CASES = 30;
  private static final int GRID = 40;

  @Test
  void verify_randomProperties_contradictsNoPointOfAGrid() {
    Tally outcome = outcome(property -> property);

    assertThat(outcome.contradictions()).isZero();
    assertThat(outcome.unsat()).isGreaterThan(3);
    assertThat(outcome.sat()).isGreaterThan(3);
  }

  @Test
  void verify_droppedConstraint_isNoticed() {
    Tally outcome = outcome(property -> changed(property, all -> all.subList(0, all.size() - 1)));

    assertThat(outcome.contradictions()).isPositive();
  }

  @Test
  void verify_flippedSign_isNoticed() {
    Tally outcome =
        outcome(
            property ->
                changed(property, all -> all.stream().map(RandomAnswersTest::flipped).toList()));

    assertThat(outcome.contradictions()).isPositive();
  }

  /** Answers to properties that a fault has changed, judged by the properties themselves. */
  private static Tally outcome(UnaryOperator<VnnLibProperty> fault) {
    int contradictions = 0;
    int unsat = 0;
    int sat = 0;
    for (int n = 0; n < CASES; n++) {
      RandomGenerator random = CounterRandom.of(7, 0, n, CounterRandom.Role.EVALUATION);
      ImportedModel model = PropertyNetworks.random(random, 6);
      VnnLibProperty property = property(random);
      AtomicInteger asked = new AtomicInteger();
      try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
        Outcome answer =
            PropertyNetworks.answer(
                verifier,
                fault.apply(property),
                PropertyNetworks.effort(n),
                () -> asked.incrementAndGet() > 400);
        boolean wrong =
            switch (answer.kind()) {
              case CERTIFIED -> reached(model, property);
              case FALSIFIED -> !answer.witness().orElseThrow().violates(property);
              case UNKNOWN, TIMEOUT, MISCLASSIFIED, CONFLICT -> false;
            };
        contradictions += wrong ? 1 : 0;
        unsat += answer.kind() == Outcome.Kind.CERTIFIED ? 1 : 0;
        sat += answer.kind() == Outcome.Kind.FALSIFIED ? 1 : 0;
      }
    }
    return new Tally(contradictions, unsat, sat);
  }

  private record Tally(int contradictions, int unsat, int sat) {}

  private static VnnLibProperty property(RandomGenerator random) {
    return PropertyNetworks.property(
        String.format(
            Locale.ROOT,
            "(and (>= (+ (* %.3f Y_0) Y_1) %.3f) (<= (- Y_0 (* %.3f Y_1)) %.3f))",
            random.nextGaussian(),
            random.nextGaussian(),
            random.nextGaussian(),
            random.nextGaussian() - 0.5));
  }

  private static boolean reached(ImportedModel model, VnnLibProperty property) {
    try (RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      for (int i = 0; i <= GRID; i++) {
        for (int j = 0; j <= GRID; j++) {
          Numbers x = new Numbers(Format.FLOAT32, (float) i / GRID, (float) j / GRID);
          Numbers y = new Numbers(Format.FLOAT32, session.outputs(x.values(), 1)[0]);
          if (Witness.of(property, x, y).isPresent()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static VnnLibProperty changed(
      VnnLibProperty property, UnaryOperator<List<LinearConstraint>> change) {
    List<Region<InputBox>> regions =
        property.specification().regions().stream()
            .map(
                region ->
                    new Region<>(
                        region.inputs(),
                        region.cases().stream()
                            .map(one -> new Conjunction(change.apply(one.constraints())))
                            .toList()))
            .toList();
    return new VnnLibProperty(
        property.name(),
        property.inputs(),
        property.outputs(),
        new Specification<>(regions),
        property.remarks());
  }

  private static LinearConstraint flipped(LinearConstraint one) {
    List<LinearConstraint.Term> outputs =
        one.outputs().stream()
            .map(term -> new LinearConstraint.Term(term.position(), term.coefficient().negate()))
            .toList();
    return new LinearConstraint(one.inputs(), outputs, one.constant(), one.strict());
  }
}

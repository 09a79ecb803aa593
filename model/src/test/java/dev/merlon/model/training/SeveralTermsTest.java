package dev.merlon.model.training;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Robust losses of several terms: against their definition, and gradients against differences. */
class SeveralTermsTest {
  private static final double SHARE = 0.3;
  private static final double STEP = 1e-6;
  private static final double TOLERANCE = 2e-6;

  static Stream<GoldenCase> cases() {
    return GoldenCases.bundled();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void loss_expressiveForms_areTheirDefinitions(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            GoldenCase.Setup setup = golden.open(scope, false);
            NDArray oneHot = oneHot(golden, setup);
            NDArray logits =
                Concrete.logits(setup.live(), scope.tensor(golden.tensor("sabr.x_adv")));
            NDArray bounds =
                BoxPropagation.over(setup.live(), setup.x(), ball(golden))
                    .marginLowerBounds(setup.labels());
            double adversarial = Margins.logitCrossEntropy(logits, oneHot).mean().getDouble();
            double interval = golden.number("ibp_loss_margin");
            NDArray mixed = Margins.of(logits, oneHot).mul(1 - SHARE).add(bounds.mul(SHARE));
            double cc = Margins.crossEntropy(mixed, oneHot).mean().getDouble();
            double mtl = (1 - SHARE) * adversarial + SHARE * interval;
            double exp = Math.pow(adversarial, 1 - SHARE) * Math.pow(interval, SHARE);
            assertClose("mtl", loss("mtl-ibp", golden, setup).getDouble(), mtl, mtl);
            assertClose("cc", loss("cc-ibp", golden, setup).getDouble(), cc, cc);
            assertClose("exp", loss("exp-ibp", golden, setup).getDouble(), exp, exp);
            assertThat(cc).isBetween(adversarial, interval);
            return setup;
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtl-ibp", "cc-ibp", "exp-ibp"})
  void gradient_expressiveForm_isThatOfDifferences(String kind) {
    for (GoldenCase golden : cases().toList()) {
      try (Scope scope = Scope.open("test")) {
        Autograd.recording(
            () -> {
              GoldenCase.Setup setup = golden.open(scope, true);
              Autograd.backward(loss(kind, golden, setup));
              setup
                  .live()
                  .tensors()
                  .forEach(
                      (name, leaf) -> {
                        if (name.endsWith("weight")) {
                          assertGradient(kind, golden, name, Autograd.gradient(leaf));
                        }
                      });
              return setup;
            });
      }
    }
  }

  // A derivative along the gradient itself looks at every entry.
  private static void assertGradient(
      String kind, GoldenCase golden, String name, NDArray gradient) {
    double[] direction = HostTensor.copyOf(gradient).toDoubles();
    double square = 0;
    for (double entry : direction) {
      square += entry * entry;
    }
    double norm = Math.sqrt(square);
    double[] forwards = new double[direction.length];
    double[] backwards = new double[direction.length];
    for (int i = 0; i < direction.length; i++) {
      forwards[i] = STEP * direction[i] / norm;
      backwards[i] = -forwards[i];
    }
    double slope =
        (moved(kind, golden, name, forwards) - moved(kind, golden, name, backwards)) / (2 * STEP);
    assertThat(slope)
        .as("%s %s %s", kind, golden, name)
        .isCloseTo(norm, Offset.offset(TOLERANCE * Math.max(1, norm)));
  }

  private static double moved(String kind, GoldenCase golden, String name, double... added) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> loss(kind, golden, golden.open(scope, false, name, added)).getDouble());
    }
  }

  private static NDArray loss(String kind, GoldenCase golden, GoldenCase.Setup setup) {
    double eps = golden.number("eps");
    Plan plan =
        new Objective(SampleRun.settings("objective.kind=" + kind, "objective.ibp-share=" + SHARE))
            .plan(new Phase(3, 0, 12, eps, eps, false, false, 1, 0.01));
    LiveNetwork live = BatchNormFolding.of(golden.network()).apply(setup.live());
    Scope scope = live.scope();
    AttackedBatch batch =
        new AttackedBatch(
            scope,
            setup.x(),
            setup.labels(),
            plan,
            List.of(scope.tensor(golden.tensor("sabr.x_adv"))),
            () -> CounterRandom.of(0, 0, 0, CounterRandom.Role.LATENT));
    StepTerms terms = new StepTerms(live, batch, oneHot(golden, setup));
    return plan.combination()
        .of(plan.terms().stream().map(term -> term.accept(terms).perSample()).toList());
  }

  private static NDArray oneHot(GoldenCase golden, GoldenCase.Setup setup) {
    return Margins.oneHot(setup.labels(), golden.network().classes(), DataType.FLOAT64);
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }
}

package dev.merlon.model.bound.linear;

import static dev.merlon.model.golden.GoldenValues.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The margin losses of all bounds and their gradients against golden numbers: gradients flow
 * through bounds, relaxations and batch statistics.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BoundLossContract {
  /** A loss on margins of one kind of bound; its name in the golden cases' gradients. */
  enum Loss {
    IBP_LOSS_MARGIN("ibp_loss_margin", "ibp_loss_margin") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        return trace(golden, setup).marginLowerBounds(setup.labels());
      }
    },
    IBP_LOSS_PLAIN("ibp_loss_plain", "ibp_loss_plain") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        return trace(golden, setup).plainMarginLowerBounds(setup.labels());
      }
    },
    CROWN_IBP("crown_ibp", "crown_ibp/loss") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        return Crown.crownIbp(
            trace(golden, setup), setup.x(), ball(golden), setup.labels(), CrownOptions.full());
      }
    },
    CROWN_IBP_KAPPA_BETA("crown_ibp_kappa_beta", "crown_ibp/loss_kappa_beta") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        double beta = golden.number("crown_ibp", "beta");
        NDArray backward = CROWN_IBP.margins(golden, setup, scope);
        NDArray interval = IBP_LOSS_MARGIN.margins(golden, setup, scope);
        return Scalars.times(backward, beta).add(Scalars.times(interval, 1 - beta));
      }

      @Override
      NDArray loss(GoldenCase golden, Setup setup, Scope scope) {
        double kappa = golden.number("crown_ibp", "kappa");
        NDArray y = Margins.oneHot(setup.labels(), setup.live().network().classes(), TYPE);
        NDArray clean = Margins.logitCrossEntropy(setup.logits(), y).mean();
        NDArray robust = super.loss(golden, setup, scope);
        return Scalars.times(clean, kappa).add(Scalars.times(robust, 1 - kappa));
      }
    },
    PLAIN_CROWN("plain_crown", "crown_ibp/plain_crown_loss") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        return Crown.crown(
            setup.live(), setup.x(), ball(golden), setup.labels(), CrownOptions.full());
      }
    },
    SABR_DIMWISE("sabr_dimwise", "sabr/loss_dimwise") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        Box box = box(golden, scope, "sabr.dimwise.");
        return BoxPropagation.over(setup.live(), box).marginLowerBounds(setup.labels());
      }
    },
    SABR_SCALAR("sabr_scalar", "sabr/loss_scalar") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        Box box = box(golden, scope, "sabr.scalar.");
        return BoxPropagation.over(setup.live(), box).marginLowerBounds(setup.labels());
      }
    },
    SABR_SHRUNKEN("sabr_dimwise_relu_shrink", "sabr") {
      @Override
      NDArray margins(GoldenCase golden, Setup setup, Scope scope) {
        Box box = box(golden, scope, "sabr.dimwise.");
        return BoxPropagation.shrunken(setup.live(), box, golden.shrinkage())
            .marginLowerBounds(setup.labels());
      }

      @Override
      double expected(GoldenCase golden) {
        return golden.number("sabr", golden.shrunkenLoss());
      }
    };

    private static final DataType TYPE = DataType.FLOAT64;
    private final String gradient;
    private final String value;

    /** Names of the loss in the case's gradients, and of its value, as a path. */
    Loss(String gradient, String value) {
      this.gradient = gradient;
      this.value = value;
    }

    abstract NDArray margins(GoldenCase golden, Setup setup, Scope scope);

    NDArray loss(GoldenCase golden, Setup setup, Scope scope) {
      return perSample(golden, setup, scope).mean();
    }

    NDArray perSample(GoldenCase golden, Setup setup, Scope scope) {
      NDArray y = Margins.oneHot(setup.labels(), setup.live().network().classes(), TYPE);
      return Margins.crossEntropy(margins(golden, setup, scope), y);
    }

    double expected(GoldenCase golden) {
      return golden.number(value.split("/"));
    }
  }

  abstract Stream<GoldenCase> cases();

  Stream<Arguments> casesAndLosses() {
    List<GoldenCase> cases = cases().toList();
    return Arrays.stream(Loss.values())
        .flatMap(loss -> cases.stream().map(golden -> Arguments.of(loss, golden)));
  }

  @ParameterizedTest
  @MethodSource("casesAndLosses")
  void backward_marginLoss_givesValueAndGradients(Loss loss, GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      Autograd.recording(
          () -> {
            Setup setup = golden.open(scope, true);
            NDArray value = loss.loss(golden, setup, scope);
            double expected = loss.expected(golden);
            assertClose("loss", value.toDoubleArray()[0], expected, expected);
            Autograd.backward(value);
            GoldenGradients.assertClose(loss.gradient, golden, setup.live());
            return true;
          });
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void crossEntropy_elidedBoxMargins_perSample(GoldenCase golden) {
    try (Scope scope = Scope.open("test")) {
      NDArray actual =
          Autograd.withoutGradients(
              () -> Loss.IBP_LOSS_MARGIN.perSample(golden, golden.open(scope, false), scope));
      assertClose("per sample", actual, golden.tensor("ibp.loss_margin_per_sample"));
    }
  }

  private static BoxTrace trace(GoldenCase golden, Setup setup) {
    return BoxPropagation.over(setup.live(), setup.x(), ball(golden));
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }

  private static Box box(GoldenCase golden, Scope scope, String prefix) {
    NDArray lower = scope.tensor(golden.tensor(prefix + "lb"));
    return Box.between(lower, scope.tensor(golden.tensor(prefix + "ub")));
  }
}

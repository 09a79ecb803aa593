package dev.merlon.model.objective;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The divergence between given bound differences, and its gradients, against golden numbers. */
abstract class BoundAlignmentContract {
  abstract GoldenCase golden();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void loss_certifiedSubset_isTheGoldenDivergenceWithItsGradients(int number) {
    double expected = golden().number("case_" + number, "kl_q_given_r_on_subset");
    try (Scope scope = Scope.open("test")) {
      NDArray fromLeaf = differences(scope, number, "dq");
      NDArray otherLeaf = differences(scope, number, "dr");
      Autograd.recording(
          () -> {
            NDArray loss =
                BoundAlignment.loss(fromLeaf.neg(), List.of(otherLeaf.neg()), mask(scope, number));
            assertClose("divergence", loss.getDouble(), expected, 1);
            if (expected != 0) {
              Autograd.backward(loss);
            }
            return loss;
          });
      assertClose(
          "gradient of d_q", Autograd.gradient(fromLeaf), golden().tensor(number + ".grad_dq"));
      assertClose(
          "gradient of d_r", Autograd.gradient(otherLeaf), golden().tensor(number + ".grad_dr"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void loss_everySample_isTheGoldenDivergence(int number) {
    double expected = golden().number("case_" + number, "kl_q_given_r_all_samples");
    try (Scope scope = Scope.open("test")) {
      NDArray mask = mask(scope, number);
      NDArray all = mask.logicalOr(mask.logicalNot());
      double loss =
          BoundAlignment.loss(
                  differences(scope, number, "dq").neg(),
                  List.of(differences(scope, number, "dr").neg()),
                  all)
              .getDouble();
      assertClose("divergence", loss, expected, 1);
    }
  }

  @Test
  void loss_emptySubset_addsAnExactZeroWithoutGradient() {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = differences(scope, 2, "dq");
      NDArray other = differences(scope, 2, "dr");
      NDArray total =
          Autograd.recording(
              () -> {
                NDArray loss = BoundAlignment.loss(leaf, List.of(other), mask(scope, 2));
                assertThat(loss.getDouble()).isZero();
                NDArray sum = leaf.sum().add(loss);
                Autograd.backward(sum);
                return sum;
              });
      assertThat(total.getDouble()).isEqualTo(leaf.sum().getDouble());
      assertThat(HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles()).containsOnly(1);
      assertThat(HostTensor.copyOf(Autograd.gradient(other)).toDoubles()).containsOnly(0);
    }
  }

  @Test
  void loss_severalOtherNorms_isTheSumOverThem() {
    try (Scope scope = Scope.open("test")) {
      NDArray from = differences(scope, 0, "dq");
      NDArray other = differences(scope, 0, "dr");
      NDArray third = other.add(from);
      NDArray mask = mask(scope, 0);
      double both = BoundAlignment.loss(from, List.of(other, third), mask).getDouble();
      double one = BoundAlignment.loss(from, List.of(other), mask).getDouble();
      double two = BoundAlignment.loss(from, List.of(third), mask).getDouble();
      assertThat(both).isCloseTo(one + two, Offset.offset(1e-12));
      assertThat(BoundAlignment.loss(from, List.of(from), mask).getDouble()).isZero();
    }
  }

  private NDArray differences(Scope scope, int number, String name) {
    return scope.leaf(scope.tensor(golden().tensor(number + "." + name)));
  }

  private NDArray mask(Scope scope, int number) {
    return scope.tensor(golden().tensor(number + ".mask")).toType(DataType.BOOLEAN, false);
  }
}

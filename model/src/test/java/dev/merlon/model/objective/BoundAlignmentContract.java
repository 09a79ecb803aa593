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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The divergence between given bound differences, and its gradients, against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BoundAlignmentContract {
  abstract Stream<GoldenCase> cases();

  /** The differences of each of the cases' numbered parts. */
  Stream<Differences> differences() {
    return cases()
        .flatMap(
            golden ->
                IntStream.iterate(0, i -> golden.json().has("case_" + i), i -> i + 1)
                    .mapToObj(number -> new Differences(golden, number)));
  }

  @ParameterizedTest
  @MethodSource("differences")
  void loss_certifiedSubset_isTheGoldenDivergenceWithItsGradients(Differences given) {
    double expected = given.number("kl_q_given_r_on_subset");
    try (Scope scope = Scope.open("test")) {
      NDArray fromLeaf = given.leaf(scope, "dq");
      NDArray otherLeaf = given.leaf(scope, "dr");
      Autograd.recording(
          () -> {
            NDArray loss =
                BoundAlignment.loss(fromLeaf.neg(), List.of(otherLeaf.neg()), given.mask(scope));
            assertClose("divergence", loss.getDouble(), expected, 1);
            if (expected != 0) {
              Autograd.backward(loss);
            }
            return loss;
          });
      assertClose("gradient of d_q", Autograd.gradient(fromLeaf), given.tensor("grad_dq"));
      assertClose("gradient of d_r", Autograd.gradient(otherLeaf), given.tensor("grad_dr"));
    }
  }

  @ParameterizedTest
  @MethodSource("differences")
  void loss_everySample_isTheGoldenDivergence(Differences given) {
    double expected = given.number("kl_q_given_r_all_samples");
    try (Scope scope = Scope.open("test")) {
      NDArray all = all(given.mask(scope));
      NDArray from = given.leaf(scope, "dq").neg();
      double loss =
          BoundAlignment.loss(from, List.of(given.leaf(scope, "dr").neg()), all).getDouble();
      assertClose("divergence", loss, expected, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("differences")
  void loss_emptySubset_addsAnExactZeroWithoutGradient(Differences given) {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = given.leaf(scope, "dq");
      NDArray other = given.leaf(scope, "dr");
      NDArray none = all(given.mask(scope)).logicalNot();
      NDArray total =
          Autograd.recording(
              () -> {
                NDArray loss = BoundAlignment.loss(leaf, List.of(other), none);
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

  @ParameterizedTest
  @MethodSource("differences")
  void loss_severalOtherNorms_isTheSumOverThem(Differences given) {
    try (Scope scope = Scope.open("test")) {
      NDArray from = given.leaf(scope, "dq");
      NDArray other = given.leaf(scope, "dr");
      NDArray third = other.add(from);
      NDArray all = all(given.mask(scope));
      double both = BoundAlignment.loss(from, List.of(other, third), all).getDouble();
      double one = BoundAlignment.loss(from, List.of(other), all).getDouble();
      double two = BoundAlignment.loss(from, List.of(third), all).getDouble();
      assertThat(both).isCloseTo(one + two, Offset.offset(1e-12 * Math.max(1, both)));
      assertThat(BoundAlignment.loss(from, List.of(from), all).getDouble()).isZero();
    }
  }

  private static NDArray all(NDArray mask) {
    return mask.logicalOr(mask.logicalNot());
  }

  /** One of the numbered parts of a case. */
  record Differences(GoldenCase golden, int number) {
    double number(String name) {
      return golden.number("case_" + number, name);
    }

    HostTensor tensor(String name) {
      return golden.tensor(number + "." + name);
    }

    NDArray leaf(Scope scope, String name) {
      return scope.leaf(scope.tensor(tensor(name)));
    }

    NDArray mask(Scope scope) {
      return scope.tensor(tensor("mask")).toType(DataType.BOOLEAN, false);
    }
  }
}

package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInstance;
import dev.merlon.model.golden.PublishedProperty;
import dev.merlon.model.network.Network;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.Specification.Region;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published instances in the form of the verification competition. */
class VnnLibGoldenTest {
  static List<PublishedInstance> instances() {
    return PublishedFolder.found().instances();
  }

  @ParameterizedTest
  @MethodSource("instances")
  void read_publishedInstance_isTheBoxAndTheOtherClasses(PublishedInstance instance) {
    Network network = instance.model().read().network();
    PublishedProperty expected = PublishedProperty.read(instance.property());

    VnnLibProperty property = VnnLib.read(instance.property());

    assertThat(property.inputs().size()).isEqualTo(network.inputShape().size());
    assertThat(property.outputs().size()).isEqualTo(network.classes());
    assertThat(property.specification().regions()).hasSize(1);
    Region<InputBox> region = property.specification().regions().get(0);
    // Ends are decimals, rounded outwards.
    double[] lower = region.inputs().lower();
    double[] upper = region.inputs().upper();
    assertThat(expected.lower()).hasSize(lower.length);
    for (int i = 0; i < lower.length; i++) {
      double from = expected.lower().get(i);
      double to = expected.upper().get(i);
      assertThat(lower[i]).isBetween(Math.nextDown(from), from);
      assertThat(upper[i]).isBetween(to, Math.nextUp(to));
    }
    assertThat(region.cases()).hasSize(expected.reached().size());
    for (int i = 0; i < region.cases().size(); i++) {
      assertOneReachesTheOther(region.cases().get(i), expected.reached().get(i));
    }
  }

  private static void assertOneReachesTheOther(
      Conjunction conjunction, PublishedProperty.Pair expected) {
    assertThat(conjunction.constraints()).hasSize(1);
    LinearConstraint only = conjunction.constraints().get(0);
    assertThat(only.strict()).isFalse();
    assertThat(only.constant()).isEqualTo(BigFraction.ZERO);
    assertThat(only.outputs())
        .containsExactlyInAnyOrder(
            new LinearConstraint.Term(expected.smaller(), BigFraction.ONE),
            new LinearConstraint.Term(expected.greater(), BigFraction.ONE.negate()));
  }

  @Test
  void parse_publishedFormOfWitnesses_isRead() {
    VnnLibProperty property = Texts.boxed("(assert (<= Y_0 Y_1))");

    String text = PublishedFolder.found().witnessForm();

    assertThat(WitnessFile.parse(property, text, "format").violates(property)).isTrue();
  }
}

package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.golden.GoldenCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/** The published instance in the form of the verification competition. */
class VnnLibGoldenTest {
  @Test
  void read_publishedInstance_isTheBallAndTheNineOtherClasses() {
    Path folder = GoldenCases.folder().resolve("verification/vnnlib");

    VnnLibProperty property = VnnLib.read(folder.resolve("prop_0_0.03.vnnlib"));

    assertThat(property.inputs().size()).isEqualTo(784);
    assertThat(property.outputs().size()).isEqualTo(10);
    assertThat(property.regions()).hasSize(1);
    Region region = property.regions().get(0);
    double[] lower = region.box().lower();
    double[] upper = region.box().upper();
    assertThat(IntStream.range(0, 784)).allMatch(i -> lower[i] >= 0 && upper[i] <= 1);
    assertThat(IntStream.range(0, 784)).allMatch(i -> upper[i] - lower[i] <= 0.06 + 1e-11);
    assertThat(region.cases()).hasSize(9);
    assertThat(region.cases())
        .allSatisfy(
            conjunction -> {
              LinearConstraint only = conjunction.constraints().get(0);
              assertThat(conjunction.constraints()).hasSize(1);
              assertThat(only.strict()).isFalse();
              assertThat(only.constant()).isEqualTo(BigFraction.ZERO);
              assertThat(only.outputs())
                  .contains(new LinearConstraint.Term(7, BigFraction.ONE))
                  .hasSize(2);
            });
  }

  @Test
  void parse_publishedFormOfWitnesses_isRead() throws IOException {
    Path folder = GoldenCases.folder().resolve("verification/vnnlib");
    VnnLibProperty property = Texts.boxed("(assert (<= Y_0 Y_1))");

    String text = Files.readString(folder.resolve("counterexample_format.txt"));

    assertThat(WitnessFile.parse(property, text, "format").violates(property)).isTrue();
  }
}

package dev.merlon.model.verify.vnnlib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/** The normal form of random texts says of every point what the text says. */
class RandomPropertyTest {
  private static final int TEXTS = 3_000;
  private static final int POINTS = 40;

  @Test
  void parse_randomTexts_meanWhatTheFormulaMeans() {
    int violated = 0;
    for (int seed = 0; seed < TEXTS; seed++) {
      RandomText drawn = new RandomText(new SplittableRandom(seed));
      VnnLibProperty property = VnnLib.parse(drawn.text(), "seed " + seed);
      for (int i = 0; i < POINTS; i++) {
        double[] point = drawn.point();
        boolean expected = drawn.holds(point);
        assertThat(violatedAt(property, point))
            .as(() -> property.name() + " at " + Arrays.toString(point) + "\n" + drawn.text())
            .isEqualTo(expected);
        violated += expected ? 1 : 0;
      }
    }
    // Enough points on either side for the comparison to mean something.
    assertThat(violated).isBetween(TEXTS * POINTS / 50, TEXTS * POINTS / 2);
  }

  @Test
  void parse_randomTexts_haveBoxesAroundEveryCounterexample() {
    for (int seed = 0; seed < TEXTS / 10; seed++) {
      RandomText drawn = new RandomText(new SplittableRandom(-1 - seed));
      VnnLibProperty property = VnnLib.parse(drawn.text(), "seed " + seed);
      for (int i = 0; i < POINTS; i++) {
        double[] point = drawn.point();
        if (drawn.holds(point)) {
          assertThat(property.specification().regions())
              .as(drawn.text())
              .anySatisfy(region -> assertInside(region.inputs(), point));
        }
      }
    }
  }

  private static void assertInside(InputBox box, double... point) {
    for (int i = 0; i < RandomText.INPUTS; i++) {
      assertThat(point[i]).isBetween(box.lower()[i], box.upper()[i]);
    }
  }

  private static boolean violatedAt(VnnLibProperty property, double... point) {
    List<BigFraction> all = Arrays.stream(point).mapToObj(BigFraction::from).toList();
    return property.violatedAt(
        all.subList(0, RandomText.INPUTS), all.subList(RandomText.INPUTS, all.size()));
  }
}

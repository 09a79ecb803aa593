package dev.merlon.tests.sets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.AffineImage;
import dev.merlon.model.norm.Candidate;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ParametricSetTest {
  private static final Brightness SET = Brightness.of(0.25, Brightness.Flaw.NONE);
  private static final float[] X = {0.1f, 0.5f, 0.9f};

  @Test
  void parse_text_isFoundByItsKeyword() {
    PerturbationSet set = PerturbationSet.parse("brightness:0.25", true);

    assertThat(set).isEqualTo(SET);
    assertThat(set.text()).isEqualTo("brightness:0.25");
    assertThat(PerturbationSet.parse("linf:0.25", true)).isInstanceOf(NormBall.class);
  }

  @Test
  void contains_roundedImage_onlyWithItsParameters() {
    float[] image = rounded(SET.image(X, 0.2));

    assertThat(SET.contains(X, Candidate.of(image, 0.2))).isTrue();
    assertThat(SET.contains(X, Candidate.of(image, 0.2001))).isFalse();
    assertThat(SET.contains(X, Candidate.at(image))).isFalse();
  }

  @Test
  void contains_parametersBeyondTheirInterval_false() {
    double beyond = Math.nextUp(0.25);

    assertThat(SET.contains(X, Candidate.of(rounded(SET.image(X, 0.25)), 0.25))).isTrue();
    assertThat(SET.contains(X, Candidate.of(rounded(SET.image(X, beyond)), beyond))).isFalse();
    assertThat(SET.contains(X, Candidate.of(X, Double.NaN))).isFalse();
  }

  @Test
  void inwards_anything_isACandidateOfTheSet() {
    for (double parameter : new double[] {-9, -0.1, 0.3, Double.NaN, Double.POSITIVE_INFINITY}) {
      Candidate inside = SET.inwards(X, Candidate.of(new float[] {0, 0, 0}, parameter));

      assertThat(SET.contains(X, inside)).as("from %s", parameter).isTrue();
    }
    assertThat(SET.inwards(X, Candidate.at(0, 0, 0))).isEqualTo(Candidate.of(X, 0));
  }

  @Test
  void split_cell_halvesCoverItAndEndAtNothing() {
    List<Cell> cells = new ArrayList<>(SET.split(SET.cell(0)));

    assertThat(cells).containsExactly(cell(-0.25, 0), cell(0, 0.25));
    assertThat(SET.split(cell(0.1, Math.nextUp(0.1)))).isEmpty();
    assertThat(SET.split(cell(0.1, 0.1))).isEmpty();
  }

  @Test
  void enclosure_randomCells_holdEveryImage() {
    assertThat(escaped(Brightness.Flaw.NONE)).isZero();
    assertThat(escaped(Brightness.Flaw.NO_ERROR)).isPositive();
    assertThat(escaped(Brightness.Flaw.HALF_GENERATOR)).isPositive();
  }

  private static int escaped(Brightness.Flaw flaw) {
    Brightness set = Brightness.of(0.6, flaw);
    SplittableRandom random = new SplittableRandom(4);
    int escaped = 0;
    for (int trial = 0; trial < 2000; trial++) {
      float[] x = {random.nextInt(5) == 0 ? 0 : (float) random.nextDouble()};
      double lower = random.nextDouble(-0.6, 0.6);
      Cell cell = cell(lower, random.nextDouble(lower, 0.6));
      AffineImage around = set.enclosure(x, cell);
      double at = random.nextDouble(-1, 1);
      double image = set.image(x, cell.nearest(cell.middle(0) + at * cell.radius(0)))[0];
      double from = around.center()[0] + at * around.generators()[0][0];
      escaped += Math.abs(image - from) > around.error()[0] ? 1 : 0;
    }
    return escaped;
  }

  private static Cell cell(double lower, double upper) {
    return Cell.between(new double[] {lower}, new double[] {upper});
  }

  private static float[] rounded(double... image) {
    float[] narrow = new float[image.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) image[i];
    }
    return narrow;
  }
}

package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfinementTest {

  @Test
  void holds_pointJustBeyondTheRadius_false() {
    NormBall set = new NormBall(new LInf(), 0.1, true);
    float x = 0.5f;
    float beyond = (float) (x + 0.1);
    float inside = Math.nextDown(beyond);

    // The float32 number nearest to 0.6 lies above it.
    assertThat((double) beyond - x).isGreaterThan(0.1);
    assertThat(Confinement.holds(set, new float[] {x}, new float[] {beyond})).isFalse();
    assertThat(Confinement.holds(set, new float[] {x}, new float[] {inside})).isTrue();
  }

  @Test
  void holds_outsideTheCube_onlyWithoutClip() {
    float[] x = {0.05f};
    float[] point = {-0.01f};

    assertThat(Confinement.holds(new NormBall(new LInf(), 0.1, true), x, point)).isFalse();
    assertThat(Confinement.holds(new NormBall(new LInf(), 0.1, false), x, point)).isTrue();
  }

  @Test
  void holds_notANumber_false() {
    NormBall set = new NormBall(new LInf(), 0.1, false);

    assertThat(Confinement.holds(set, new float[] {0.5f}, new float[] {Float.NaN})).isFalse();
  }

  @Test
  void inwards_pointOfTheSet_unchanged() {
    NormBall set = new NormBall(new L2(), 0.5, true);
    float[] point = {0.3f, 0.6f};

    assertThat(Confinement.inwards(set, new float[] {0.2f, 0.4f}, point)).isEqualTo(point);
  }

  @Test
  void inwards_randomPoints_alwaysInsideAndNearTheBoundary() {
    SplittableRandom random = new SplittableRandom(1);
    for (Norm norm : Norms.ALL) {
      for (boolean clip : List.of(true, false)) {
        for (int trial = 0; trial < 500; trial++) {
          NormBall set = new NormBall(norm, 0.01 + random.nextDouble(), clip);
          float[] x = new float[50];
          float[] candidate = new float[50];
          double[] moved = new double[50];
          for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble();
            candidate[i] = (float) (x[i] + 3 * random.nextGaussian());
          }
          float[] inside = Confinement.inwards(set, x, candidate);
          for (int i = 0; i < x.length; i++) {
            moved[i] = (double) inside[i] - x[i];
          }
          assertThat(Confinement.holds(set, x, inside)).isTrue();
          assertThat(norm.measure(moved)).isLessThanOrEqualTo(set.eps());
          if (!clip) {
            assertThat(norm.measure(moved)).isGreaterThan(set.eps() * 0.999);
          }
        }
      }
    }
  }

  @Test
  void inwards_infinitePoint_theInputItself() {
    NormBall set = new NormBall(new L2(), 0.1, false);
    float[] x = {0.5f};

    assertThat(Confinement.inwards(set, x, new float[] {Float.NaN})).isEqualTo(x);
  }
}

package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EmbeddedDigitsTest {
  private static Dataset train;
  private static Dataset test;

  @BeforeAll
  static void drawBoth() {
    train = EmbeddedDigits.standard().read(DataSplit.TRAIN);
    test = EmbeddedDigits.standard().read(DataSplit.TEST);
  }

  @Test
  void read_standardSeed_neverChanges() {
    assertThat(train.digest())
        .isEqualTo("55e43a571ddafc2af0cdf3e721e1325093dce00f86b005dea574c12a214d923f");
    assertThat(test.digest())
        .isEqualTo("5a82d629f72d23fc6cbfd033785b5ca87fc21e26e9a882d6c6a933d391fcbb3f");
  }

  @Test
  void read_again_givesTheSameContent() {
    assertThat(new EmbeddedDigits(EmbeddedDigits.STANDARD_SEED).read(DataSplit.TEST).digest())
        .isEqualTo(test.digest());
  }

  @Test
  void read_otherSeed_givesOtherContent() {
    assertThat(new EmbeddedDigits(2).read(DataSplit.TEST).digest()).isNotEqualTo(test.digest());
  }

  @Test
  void read_bothSplits_haveTheirSizesAndBalancedClasses() {
    assertThat(train.size()).isEqualTo(10_000);
    assertThat(test.size()).isEqualTo(2_000);
    assertThat(countsPerClass(train)).containsOnly(1_000);
    assertThat(countsPerClass(test)).containsOnly(200);
    assertThat(countsPerClass(test.head(50))).containsOnly(5);
  }

  @Test
  void read_bothSplits_shareNoImageAndRepeatNone() {
    Set<String> images = new HashSet<>();
    for (Dataset data : new Dataset[] {train, test}) {
      for (int i = 0; i < data.size(); i++) {
        assertThat(images.add(Arrays.toString(data.imageBytes(i)))).isTrue();
      }
    }
  }

  @Test
  void read_everyImage_hasInkAndGround() {
    for (int i = 0; i < test.size(); i++) {
      int bright = 0;
      for (double value : test.imageDoubles(i)) {
        bright += value > 0.4 ? 1 : 0;
      }
      assertThat(bright).as("bright pixels of image %s", i).isBetween(10, 300);
    }
  }

  @Test
  void read_nearestClassMean_tellsMostButNotAllDigitsApart() {
    double[][] means = classMeans(train);
    int correct = 0;
    for (int i = 0; i < test.size(); i++) {
      correct += nearest(means, test.imageDoubles(i)) == test.label(i) ? 1 : 0;
    }

    assertThat((double) correct / test.size()).isBetween(0.6, 0.95);
  }

  private static double[][] classMeans(Dataset data) {
    double[][] means = new double[data.classes()][data.shape().elements()];
    int[] counts = countsPerClass(data);
    for (int i = 0; i < data.size(); i++) {
      int label = data.label(i);
      double[] image = data.imageDoubles(i);
      for (int p = 0; p < image.length; p++) {
        means[label][p] += image[p] / counts[label];
      }
    }
    return means;
  }

  private static int nearest(double[][] means, double[] image) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int label = 0; label < means.length; label++) {
      double distance = 0;
      for (int p = 0; p < image.length; p++) {
        double difference = image[p] - means[label][p];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = label;
      }
    }
    return best;
  }

  private static int[] countsPerClass(Dataset data) {
    int[] counts = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }
}

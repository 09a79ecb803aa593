package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published MNIST files, in the directory that {@code MERLON_MNIST} names. */
class MnistFilesTest {
  private static final String VARIABLE = "MERLON_MNIST";

  @Test
  void read_training_hasThePublishedCounts() {
    Dataset data = published(DataSplit.TRAIN);

    assertThat(data.size()).isEqualTo(60_000);
    assertThat(countsPerClass(data))
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    assertThat(data.labels(new int[] {0, 1, 2, 3, 4})).containsExactly(5, 0, 4, 1, 9);
  }

  @Test
  void read_test_hasThePublishedCounts() {
    Dataset data = published(DataSplit.TEST);

    assertThat(data.size()).isEqualTo(10_000);
    assertThat(countsPerClass(data))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    assertThat(data.labels(new int[] {0, 1, 2, 3, 4})).containsExactly(7, 2, 1, 0, 4);
  }

  @Test
  void read_training_hasThePublishedMeanAndDeviation() {
    Dataset data = published(DataSplit.TRAIN);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < data.size(); i++) {
      for (double value : data.imageDoubles(i)) {
        sum += value;
        squares += value * value;
      }
    }
    double count = (double) data.size() * data.shape().elements();
    double mean = sum / count;

    assertThat(mean).isCloseTo(0.1307, within(5e-5));
    assertThat(Math.sqrt(squares / count - mean * mean)).isCloseTo(0.3081, within(5e-5));
  }

  private static Dataset published(DataSplit split) {
    String directory = System.getenv(VARIABLE);
    assumeTrue(
        directory != null,
        "SKIPPED: set " + VARIABLE + " to a directory with the MNIST files to run this test");
    return new MnistReader(Path.of(directory)).read(split);
  }

  private static int[] countsPerClass(Dataset data) {
    int[] counts = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }
}

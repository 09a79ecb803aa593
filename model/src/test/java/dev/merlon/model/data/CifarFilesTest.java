package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published CIFAR-10 files, in the directory that {@code MERLON_CIFAR10} names. */
class CifarFilesTest {
  private static final String VARIABLE = "MERLON_CIFAR10";

  @Test
  void read_bothParts_haveThePublishedCountsAndLabels() {
    Dataset train = published(DataSplit.TRAIN);
    Dataset test = published(DataSplit.TEST);

    assertThat(countsPerClass(train)).hasSize(10).containsOnly(5_000);
    assertThat(countsPerClass(test)).hasSize(10).containsOnly(1_000);
    assertThat(train.labels(new int[] {0, 1, 2, 3, 4})).containsExactly(6, 9, 9, 4, 1);
    assertThat(test.labels(new int[] {0, 1, 2, 3, 4})).containsExactly(3, 8, 8, 0, 6);
  }

  @Test
  void read_training_hasTheMeansOfTheLiterature() {
    Dataset data = published(DataSplit.TRAIN);
    int plane = data.shape().height() * data.shape().width();
    double[] sums = new double[3];
    for (int i = 0; i < data.size(); i++) {
      byte[] image = data.imageBytes(i);
      for (int p = 0; p < image.length; p++) {
        sums[p / plane] += image[p] & 0xff;
      }
    }

    double[] published = {0.4914, 0.4822, 0.4465};
    for (int channel = 0; channel < 3; channel++) {
      assertThat(sums[channel] / 255 / data.size() / plane)
          .isCloseTo(published[channel], within(5e-4));
    }
  }

  private static Dataset published(DataSplit split) {
    String directory = System.getenv(VARIABLE);
    assumeTrue(
        directory != null,
        "SKIPPED: set " + VARIABLE + " to a directory with the CIFAR-10 files to run this test");
    return CifarReader.cifar10(Path.of(directory)).read(split);
  }

  private static int[] countsPerClass(Dataset data) {
    int[] counts = new int[data.classes()];
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return counts;
  }
}

package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.golden.GoldenCases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trap on a published model whose false properties are known. */
class EuclideanTrapGoldenTest {

  @Test
  void verify_publishedFalseProperties_neverCertified() {
    List<String> words = words(new EuclideanTrap().apply(folder()));
    assertThat(words)
        .as("false Euclidean properties of models that normalise, in words")
        .doesNotContain("")
        .isSubsetOf("falsified", "unknown");
  }

  @Test
  void verify_ballLostAtNormalisation_certifiesSomeOfThem(@TempDir Path folder) throws Exception {
    PlantedCode code = PlantedCode.with(PlantedBug.BALL_LOST_AT_NORMALISATION, folder);
    assertThat(words(code.call(EuclideanTrap.class, folder()))).contains("certified");
  }

  private static List<String> words(String all) {
    return List.of(all.split(" ", -1));
  }

  private static String folder() {
    return GoldenCases.folder().resolve("verification").toString();
  }
}

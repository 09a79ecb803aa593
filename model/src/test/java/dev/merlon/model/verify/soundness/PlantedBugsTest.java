package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite has teeth: whatever is planted in the product's code, some case shows it. */
class PlantedBugsTest {
  private static final int MODELS = 60;

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void run_bugInTheProduct_someVerdictIsWrong(PlantedBug bug, @TempDir Path folder)
      throws Exception {
    PlantedCode code = PlantedCode.with(bug, folder);

    String found = code.call(PlantedRun.class, bug.rungs() + " " + MODELS);
    assertThat(found).as(bug.name()).isNotEmpty();
  }
}

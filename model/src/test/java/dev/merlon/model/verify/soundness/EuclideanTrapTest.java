package dev.merlon.model.verify.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trap that the field's best verifier falls into: normalisation inside the graph, and l_2. */
class EuclideanTrapTest {

  @Test
  void verify_normalisationInTheGraphAndEuclideanBall_falsifiedAndNeverCertified() {
    assertThat(new EuclideanTrap().apply(""))
        .isEqualTo("certified falsified falsified falsified falsified");
  }

  @Test
  void verify_ballLostAtNormalisation_certifiesWhatIsFalse(@TempDir Path folder) throws Exception {
    PlantedCode code = PlantedCode.with(PlantedBug.BALL_LOST_AT_NORMALISATION, folder);

    assertThat(code.call(EuclideanTrap.class, ""))
        .isEqualTo("certified certified certified certified certified");
  }
}

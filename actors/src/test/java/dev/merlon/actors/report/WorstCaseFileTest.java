package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.measure.Approximation;
import dev.merlon.model.measure.WorstCase;
import dev.merlon.model.measure.WorstCaseProbe;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorstCaseFileTest {
  private static final ThreatSpec THREAT = new ThreatSpec("linf", 0.1);
  private static final ThreatSpec OTHER = new ThreatSpec("linf", 0.3);

  @TempDir private Path directory;

  @Test
  void of_severalModelsImagesAndThreats_givesThoseAskedFor() {
    String basis = WorstCaseProbe.basis();
    WorstCase second = worst("a", basis, "data", 2, THREAT, true);
    WorstCase first = worst("a", basis, "data", 1, THREAT, true);
    WorstCaseFile file = WorstCaseFile.of(run());
    file.add(second);
    file.add(first);
    file.add(worst("b", basis, "data", 0, THREAT, true));
    file.add(worst("a", "other attack", "data", 3, THREAT, true));
    file.add(worst("a", basis, "other data", 4, THREAT, true));
    file.add(worst("a", basis, "data", 5, OTHER, true));

    WorstCaseFile again = WorstCaseFile.of(run());
    assertThat(again.of("a", Optional.of("data"), THREAT)).containsExactly(first, second);
    assertThat(again.of("a", Optional.empty(), THREAT)).hasSize(3);
  }

  @Test
  void of_imageSolvedOnTheSecondTry_countsOnceAsSolved() {
    WorstCaseFile file = WorstCaseFile.of(run());
    file.add(worst("a", WorstCaseProbe.basis(), "data", 1, THREAT, false));
    file.add(worst("a", WorstCaseProbe.basis(), "data", 1, THREAT, true));

    assertThat(WorstCaseFile.of(run()).of("a", Optional.of("data"), THREAT))
        .singleElement()
        .matches(WorstCase::proved);
  }

  private RunDirectory run() {
    return new RunDirectory(directory);
  }

  private static WorstCase worst(
      String model, String basis, String data, int index, ThreatSpec threat, boolean proved) {
    return new WorstCase(
        model, basis, data, index, threat, 0.5, 0.5, proved, Map.of(Approximation.IBP, 0.25));
  }
}

package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.model.measure.MeasureBasis;
import dev.merlon.model.measure.ModelMeasure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureFileTest {
  private static final MeasureBasis FIRST = new MeasureBasis("data", 500, 20, 1);
  private static final MeasureBasis SECOND = new MeasureBasis("data", 100, 20, 1);

  @TempDir private Path directory;

  @Test
  void add_severalBases_areKeptApart() {
    MeasureFile file = MeasureFile.of(run());
    file.add(measure("a", FIRST));
    file.add(measure("a", SECOND));
    file.add(measure("b", SECOND));
    MeasureFile again = MeasureFile.of(run());

    assertThat(again.newestBasis()).hasValue(SECOND);
    assertThat(again.of(SECOND, List.of())).containsOnlyKeys("a", "b");
    assertThat(again.of(FIRST, List.of())).containsOnlyKeys("a");
  }

  @Test
  void of_lastLineCutOff_isDroppedAndWrittenOver() throws IOException {
    MeasureFile.of(run()).add(measure("a", FIRST));
    Path lines = run().report().measures();
    Files.writeString(lines, "{\"model\":\"b", StandardOpenOption.APPEND);

    MeasureFile.of(run()).add(measure("c", FIRST));

    assertThat(MeasureFile.of(run()).of(FIRST, List.of())).containsOnlyKeys("a", "c");
  }

  @Test
  void of_damagedLine_isNamed() throws IOException {
    Files.createDirectories(run().report().path());
    Files.writeString(run().report().measures(), "{}\n");

    assertThatThrownBy(() -> MeasureFile.of(run())).hasMessageContaining("Line 1 of");
  }

  private RunDirectory run() {
    return new RunDirectory(directory);
  }

  private static ModelMeasure measure(String model, MeasureBasis basis) {
    return new ModelMeasure(model, basis, 3, List.of());
  }
}

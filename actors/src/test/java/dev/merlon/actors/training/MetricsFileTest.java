package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
  @TempDir private Path directory;

  @Test
  void append_lines_countsTheirBytes() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    try (MetricsFile file = MetricsFile.open(path)) {
      file.append("{\"a\":1}");
      file.append("{\"é\":2}");
    }

    assertThat(path).hasContent("{\"a\":1}\n{\"é\":2}\n");
    assertThat(MetricsFile.bytes("{\"a\":1}") + MetricsFile.bytes("{\"é\":2}"))
        .isEqualTo(Files.size(path));
  }

  @Test
  void cutTo_earlierLength_dropsLaterLinesAndGoesOnThere() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    try (MetricsFile file = MetricsFile.open(path)) {
      file.append("one");
      file.append("two");
      assertThat(file.cutTo(4)).isEqualTo(4);
      file.append("three");
    }

    assertThat(path).hasContent("one\nthree\n");
  }

  @Test
  void cutTo_fileShorterWithHalfALine_keepsWholeLines() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    Files.writeString(path, "one\ntw");

    try (MetricsFile file = MetricsFile.open(path)) {
      assertThat(file.cutTo(100)).isEqualTo(4);
    }

    assertThat(path).hasContent("one\n");
  }

  @Test
  void open_existing_goesOnAtItsEnd() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    Files.writeString(path, "one\n");

    try (MetricsFile file = MetricsFile.open(path)) {
      file.append("two");
    }

    assertThat(path).hasContent("one\ntwo\n");
  }
}

package dev.merlon.model.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineWriterTest {
  @TempDir private Path directory;

  @Test
  void append_lines_countsTheirBytes() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    try (LineWriter file = LineWriter.open(path)) {
      file.append(List.of("{\"a\":1}"));
      file.append(List.of("{\"é\":2}"));
    }

    assertThat(path).hasContent("{\"a\":1}\n{\"é\":2}\n");
    assertThat(LineWriter.bytes("{\"a\":1}") + LineWriter.bytes("{\"é\":2}"))
        .isEqualTo(Files.size(path));
  }

  @Test
  void cutTo_earlierLength_dropsLaterLinesAndGoesOnThere() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    try (LineWriter file = LineWriter.open(path)) {
      file.append(List.of("one"));
      file.append(List.of("two"));
      assertThat(file.cutTo(4)).isEqualTo(4);
      file.append(List.of("three"));
    }

    assertThat(path).hasContent("one\nthree\n");
  }

  @Test
  void cutTo_fileShorterWithHalfALine_keepsWholeLines() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    Files.writeString(path, "one\ntw");

    try (LineWriter file = LineWriter.open(path)) {
      assertThat(file.cutTo(100)).isEqualTo(4);
    }

    assertThat(path).hasContent("one\n");
  }

  @Test
  void open_existing_goesOnAtItsEnd() throws IOException {
    Path path = directory.resolve("metrics.jsonl");
    Files.writeString(path, "one\n");

    try (LineWriter file = LineWriter.open(path)) {
      file.append(List.of("two"));
    }

    assertThat(path).hasContent("one\ntwo\n");
  }
}

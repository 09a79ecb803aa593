package dev.merlon.model.verify.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictFileTest {
  private static final VerdictOrigin ORIGIN = origin("m");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("results.jsonl");
  }

  @Test
  void open_whileOpen_refusedAndNothingIsLost() throws IOException {
    for (VerdictFile.Opening opening : VerdictFile.Opening.values()) {
      Files.deleteIfExists(file);
      try (VerdictFile first = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.NEW)) {
        first.append(List.of(line(verdict(0))));
        assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, opening))
            .isInstanceOf(MerlonException.class)
            .hasMessageContaining("results.jsonl is being written by this process")
            .hasMessageNotContaining("\n");
        first.append(List.of(line(verdict(1))));
      }
      assertThat(indices()).containsExactly(0, 1);
    }
  }

  @Test
  void open_newOverVerdicts_refusedAndTheyStay() throws IOException {
    write(2);

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.NEW))
        .hasMessageContaining("results.jsonl holds verdicts already");

    assertThat(indices()).containsExactly(0, 1);
  }

  @Test
  void open_overwritten_startsAnewAboutSomethingElse() throws IOException {
    write(3);

    try (VerdictFile other =
        VerdictFile.open(file, origin("other"), VerdictFile.Opening.OVERWRITE)) {
      other.append(List.of(line(verdict(7))));
    }

    assertThat(indices()).containsExactly(7);
  }

  @Test
  void open_emptyFile_isFineInEveryWay() throws IOException {
    for (VerdictFile.Opening opening : VerdictFile.Opening.values()) {
      Files.write(file, new byte[0]);
      try (VerdictFile opened = VerdictFile.open(file, ORIGIN, opening)) {
        assertThat(opened.earlierLines()).isEmpty();
        opened.append(List.of(line(verdict(4))));
      }
      assertThat(indices()).containsExactly(4);
    }
  }

  @Test
  void open_resumedAfterACutLastLine_dropsItAndSaysSo() throws IOException {
    write(2);
    Files.writeString(file, "{\"index\":2,\"lab", StandardOpenOption.APPEND);

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.torn()).isTrue();
      resumed.append(List.of(line(verdict(2))));
    }

    assertThat(indices()).containsExactly(0, 1, 2);
  }

  @Test
  void open_resumedWithABrokenLineInside_namesFileAndLineAndChangesNothing() throws IOException {
    write(3);
    List<String> lines = Files.readAllLines(file);
    String without = lines.get(1).substring(9).replaceFirst(",\"crc\":\".*\"", "");
    List<String> broken = List.of(lines.get(0), without, lines.get(2));
    Files.write(file, broken);

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("results.jsonl:2: Not a verdict: ")
        .hasMessageNotContaining("\n");

    assertThat(Files.readAllLines(file)).isEqualTo(broken);
  }

  @Test
  void append_anyVerdict_endsInTheChecksumOfTheLine() throws IOException {
    write(2);

    assertThat(Files.readAllLines(file))
        .allMatch(line -> line.matches(".*,\"crc\":\"[0-9a-f]{8}\"}"));
  }

  @Test
  void open_resumedWithAChangedLine_namesFileAndLine() throws IOException {
    write(3);
    String changed = Files.readString(file).replace("\"index\":1,", "\"index\":7,");
    Files.writeString(file, changed);

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("results.jsonl:2: the line does not match its crc");
    assertThat(file).hasContent(changed);
  }

  @Test
  void open_resumedWithLinesFromBeforeChecksums_readsThem() throws IOException {
    write(3);
    String earlier = Files.readString(file).replaceAll(",\"crc\":\"[0-9a-f]{8}\"", "");
    Files.writeString(file, earlier);

    writeOrigin("m");

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.earlierLines())
          .extracting(line -> line.verdict().property().index())
          .containsExactly(0, 1, 2);
    }
  }

  @Test
  void open_inEveryWay_writesNothingBesideTheFile() throws IOException {
    write(2);
    for (VerdictFile.Opening opening :
        List.of(VerdictFile.Opening.RESUME, VerdictFile.Opening.OVERWRITE)) {
      try (VerdictFile opened = VerdictFile.open(file, ORIGIN, opening)) {
        opened.append(List.of(line(verdict(7))));
      }
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void open_resumed_countsWhatAnswersByItself() throws IOException {
    try (VerdictFile written = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.NEW)) {
      written.append(List.of(line(verdict(0)), line(certified(1, Rung.IBP, Guarantee.REAL))));
      written.append(
          List.of(
              new VerdictFile.Line(
                  certified(4, Rung.IBP, Guarantee.REAL), "", "", ModelUse.PLAIN)));
      written.append(List.of(line(certified(5, Rung.IBP, Guarantee.REAL)), line(verdict(5))));
    }

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.earlierLines())
          .extracting(line -> line.verdict().property().index())
          .containsExactly(1);
      resumed.append(List.of(line(verdict(6))));
    }

    assertThat(indices()).containsExactly(0, 1, 4, 5, 5, 6);
  }

  @ParameterizedTest
  @MethodSource("foreigners")
  void open_resumedAboutSomethingElse_isRefusedAndStays(VerdictFile.Line foreign)
      throws IOException {
    try (VerdictFile written = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.NEW)) {
      written.append(List.of(line(certified(0, Rung.IBP, Guarantee.REAL)), foreign));
    }
    String before = Files.readString(file);

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("results.jsonl holds verdicts about another model")
        .hasMessageNotContaining("\n");

    assertThat(file).hasContent(before);
  }

  private static List<VerdictFile.Line> foreigners() {
    Verdict known = certified(1, Rung.IBP, Guarantee.REAL);
    ModelUse half = new ModelUse(Optional.empty(), Optional.of(Threshold.parse("0.5")));
    ModelUse scaled = new ModelUse(Optional.of("range 0..255"), Optional.empty());
    return List.of(
        new VerdictFile.Line(known, "other", "d", ModelUse.PLAIN),
        new VerdictFile.Line(known, "m", "other", ModelUse.PLAIN),
        new VerdictFile.Line(known, "m", "d", half),
        new VerdictFile.Line(known, "m", "d", scaled),
        line(certified(1, Rung.IBP, Guarantee.NOMINAL)),
        line(certified(1, Rung.BAB, Guarantee.REAL)));
  }

  @Test
  void open_resumedCases_goOnWithSeveralModelsButNotWithOtherRungs() {
    VerdictOrigin cases =
        VerdictOrigin.ofCases(Guarantee.REAL, List.of(Rung.IBP, Rung.BAB), Optional.empty());
    Verdict known = certified(1, Rung.BAB, Guarantee.REAL);
    try (VerdictFile written = VerdictFile.open(file, cases, VerdictFile.Opening.NEW)) {
      written.append(
          List.of(
              new VerdictFile.Line(known, "one", "a", ModelUse.PLAIN),
              new VerdictFile.Line(known, "two", "b", ModelUse.PLAIN)));
    }

    try (VerdictFile resumed = VerdictFile.open(file, cases, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.earlierLines()).hasSize(2);
    }
    VerdictOrigin fewer =
        VerdictOrigin.ofCases(Guarantee.REAL, List.of(Rung.IBP), Optional.empty());
    assertThatThrownBy(() -> VerdictFile.open(file, fewer, VerdictFile.Opening.RESUME))
        .hasMessageContaining("of other rungs");
  }

  @Test
  void append_whatTheFileEndsWithAboutTheQuestion_isNoNewLine() throws IOException {
    write(3);

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      resumed.append(List.of(line(verdict(1)), line(certified(2, Rung.IBP, Guarantee.REAL))));
    }

    assertThat(indices()).containsExactly(0, 1, 2, 2);
  }

  @Test
  void open_resumedFileOfAnEarlierVersion_allItsLinesCount() throws IOException {
    write(2);
    Path written = writeOrigin("m");
    String before = Files.readString(written);

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.earlierLines()).hasSize(2);
    }

    assertThat(written).hasContent(before);
  }

  @Test
  void open_resumedFileOfAnEarlierVersionAboutSomethingElse_isRefused() throws IOException {
    write(2);
    writeOrigin("other");

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("results.jsonl holds verdicts about another model")
        .hasMessageNotContaining("\n");
  }

  @Test
  void open_overwrittenFileOfAnEarlierVersion_takesItsOriginAway() throws IOException {
    Files.writeString(file, "anything");
    Path written = writeOrigin("other");

    VerdictFile.open(file, ORIGIN, VerdictFile.Opening.OVERWRITE).close();

    assertThat(written).doesNotExist();
    assertThat(file).isEmptyFile();
  }

  private Path writeOrigin(String model) throws IOException {
    return Files.writeString(
        VerdictFile.origin(file), "model " + model + "\ndata d\nguarantee real\nrungs ibp\n");
  }

  @Test
  void open_fileOfAnotherKind_isRefusedInEveryWayAndStays() throws IOException {
    Files.writeString(file, "{\"name\": \"notes\"}\n");
    for (VerdictFile.Opening opening : VerdictFile.Opening.values()) {
      assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, opening))
          .hasMessageContaining("is no results file");
    }
    assertThat(file).hasContent("{\"name\": \"notes\"}\n");
  }

  @Test
  void open_resumedFileWithACutFirstLine_startsAnew() throws IOException {
    Files.writeString(file, "{\"index\":2,\"lab");

    try (VerdictFile resumed = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.torn()).isTrue();
      resumed.append(List.of(line(verdict(2))));
    }

    assertThat(indices()).containsExactly(2);
  }

  @Test
  void open_resumedTextWithoutALine_isRefusedAndStays() throws IOException {
    Files.writeString(file, "some notes");

    assertThatThrownBy(() -> VerdictFile.open(file, ORIGIN, VerdictFile.Opening.RESUME))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("is no results file");

    assertThat(file).hasContent("some notes");
  }

  @Test
  void open_throughALink_isTheSameFile() throws IOException {
    write(1);
    writeOrigin("m");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    try (VerdictFile resumed = VerdictFile.open(link, ORIGIN, VerdictFile.Opening.RESUME)) {
      assertThat(resumed.earlierLines()).hasSize(1);
    }
  }

  private void write(int verdicts) {
    try (VerdictFile opened = VerdictFile.open(file, ORIGIN, VerdictFile.Opening.NEW)) {
      for (int index = 0; index < verdicts; index++) {
        opened.append(List.of(line(verdict(index))));
      }
    }
  }

  private List<Integer> indices() throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> VerdictLine.read(line).property().index())
        .toList();
  }

  private static Verdict verdict(int index) {
    return new Verdict(
        new Property(index, Optional.empty(), 1, new NormBall(new LInf(), 0.1, true)),
        OptionalInt.of(1),
        new Outcome.Unknown(Rung.IBP, "no rung proved it"),
        Optional.of(MarginBounds.of(1, -0.5, 0, 0.25)),
        Guarantee.REAL,
        1);
  }

  private static Verdict certified(int index, Rung rung, Guarantee guarantee) {
    MarginBounds margins = MarginBounds.of(1, 0.5, 0, 0.25);
    return new Verdict(
        new Property(index, Optional.empty(), 1, new NormBall(new LInf(), 0.1, true)),
        OptionalInt.of(1),
        new Outcome.Certified(rung, margins),
        Optional.of(margins),
        guarantee,
        1);
  }

  private static VerdictFile.Line line(Verdict verdict) {
    return new VerdictFile.Line(verdict, "m", "d", ModelUse.PLAIN);
  }

  private static VerdictOrigin origin(String model) {
    return new VerdictOrigin(
        model, "d", ModelUse.PLAIN, Guarantee.REAL, List.of(Rung.IBP), Optional.empty());
  }
}

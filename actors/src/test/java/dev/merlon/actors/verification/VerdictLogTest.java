package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictLogTest {
  private static final Property PROPERTY =
      new Property(3, Optional.empty(), 1, new NormBall(new LInf(), 0.1, true));
  private static final VerdictLog.About ABOUT = new VerdictLog.About("m", "d", ModelUse.PLAIN);
  private static final VerdictLog.About OTHER = new VerdictLog.About("other", "d", ModelUse.PLAIN);

  @TempDir private Path home;

  @Test
  void earlier_verdictsOfTwoModels_areKeptApartAndTheLastCounts() {
    VerdictOrigin cases =
        VerdictOrigin.ofCases(Guarantee.REAL, List.of(Rung.IBP), Optional.empty());
    try (VerdictLog log = open(cases, VerdictFile.Opening.NEW)) {
      log.append(ABOUT, List.of(verdict(0.25)));
      log.append(OTHER, List.of(verdict(0.5)));
      log.append(ABOUT, List.of(verdict(0.75)));
    }
    try (VerdictLog log = open(cases, VerdictFile.Opening.RESUME)) {
      assertThat(log.earlier(ABOUT, PROPERTY)).hasValue(verdict(0.75));
      assertThat(log.earlier(OTHER, PROPERTY)).hasValue(verdict(0.5));
      assertThat(log.earlier(new VerdictLog.About("m", "e", ModelUse.PLAIN), PROPERTY)).isEmpty();
    }
  }

  @Test
  void earlier_lineOfAnEarlierVersion_isAboutWhatTheFileIsAbout() throws IOException {
    try (VerdictLog log = open(VerdictFile.Opening.NEW)) {
      log.append(ABOUT, List.of(verdict(0.25)));
    }
    Path file = home.resolve("out.jsonl");
    String old =
        Files.readString(file)
            .replaceAll(",\"model\":\"m\",\"data\":\"d\"", "")
            .replaceAll(",\"crc\":\"?[0-9a-z]+\"?", "");
    assertThat(old).doesNotContain("model", "crc");
    Files.writeString(file, old);
    Files.writeString(VerdictFile.origin(file), "model m\ndata d\nguarantee real\nrungs ibp\n");

    try (VerdictLog log = open(VerdictFile.Opening.RESUME)) {
      assertThat(log.earlier(ABOUT, PROPERTY)).hasValue(verdict(0.25));
      assertThat(log.earlier(OTHER, PROPERTY)).isEmpty();
    }
  }

  @Test
  void open_tornFile_isNoted() throws IOException {
    try (VerdictLog log = open(VerdictFile.Opening.NEW)) {
      log.append(ABOUT, List.of(verdict(0.25)));
    }
    Path file = home.resolve("out.jsonl");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 5));
    List<String> notes = new ArrayList<>();

    try (VerdictLog log =
        VerdictLog.open(
            Optional.of(new Results.File(file, VerdictFile.Opening.RESUME)),
            origin(),
            notes::add)) {
      assertThat(log.earlier(ABOUT, PROPERTY)).isEmpty();
    }
    assertThat(notes).singleElement().asString().contains("cut off");
  }

  private VerdictLog open(VerdictFile.Opening opening) {
    return open(origin(), opening);
  }

  private VerdictLog open(VerdictOrigin origin, VerdictFile.Opening opening) {
    return VerdictLog.open(
        Optional.of(new Results.File(home.resolve("out.jsonl"), opening)), origin, note -> {});
  }

  private static VerdictOrigin origin() {
    return new VerdictOrigin(
        "m", "d", ModelUse.PLAIN, Guarantee.REAL, List.of(Rung.IBP), Optional.empty());
  }

  private static Verdict verdict(double margin) {
    MarginBounds margins = MarginBounds.of(1, margin, 0);
    return new Verdict(
        PROPERTY,
        OptionalInt.of(1),
        new Outcome.Certified(Rung.IBP, margins),
        Optional.of(margins),
        Guarantee.REAL,
        1);
  }
}

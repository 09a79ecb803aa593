package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir private Path home;

  private Path model = Path.of("");

  @BeforeEach
  void writeModel() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 2);
  }

  @Test
  void verify_propertyThatHolds_printsUnsatAndWritesNoWitness() throws IOException {
    Path witness = home.resolve("witness.txt");

    CapturedRun run = verify(property("(>= Y_0 1000)"), "--witness", witness.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("unsat" + System.lineSeparator());
    assertThat(witness).doesNotExist();
  }

  @Test
  void verify_propertyThatFails_printsSatAndWritesTheWitness() throws IOException {
    Path witness = home.resolve("new/witness.txt");

    CapturedRun run = verify(property("(>= Y_0 -1000)"), "--witness", witness.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("sat" + System.lineSeparator());
    assertThat(Files.readAllLines(witness).get(0)).isEqualTo("sat");
    assertThat(Files.readString(witness)).contains("(X_0 ", "(X_3 ", "(Y_9 ");
  }

  @Test
  void verify_witnessOverAnInput_isRefusedAndLeavesIt() throws IOException {
    Path property = property("(>= Y_0 -1000)");
    String text = Files.readString(property);

    CapturedRun run = verify(property, "--witness", property.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--witness " + property + " is a file that is read");
    assertThat(property).hasContent(text);
  }

  @Test
  void verify_witnessOfAnEarlierRun_isLeftAndPointedOut() throws IOException {
    Path witness = Files.writeString(home.resolve("witness.txt"), "sat of another property");

    CapturedRun run = verify(property("(>= Y_0 1000)"), "--witness", witness.toString());

    assertThat(run.out()).isEqualTo("unsat" + System.lineSeparator());
    assertThat(run.err()).contains("Note: " + witness + " is not from this run");
    assertThat(witness).hasContent("sat of another property");
  }

  @Test
  void verify_witnessThatIsNoFile_isRefusedAndNotReplaced() throws Exception {
    Path pipe = home.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    CapturedRun run = verify(property("(>= Y_0 -1000)"), "--witness", pipe.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("--witness " + pipe + " is no file on a disk");
    assertThat(Files.isRegularFile(pipe)).isFalse();
    assertThat(pipe).exists();
  }

  @Test
  void verify_witnessThatCannotBeWritten_isAMistakeOfTheCommand() throws IOException {
    Path file = Files.writeString(home.resolve("file"), "");

    CapturedRun run =
        verify(property("(>= Y_0 -1000)"), "--witness", file.resolve("witness.txt").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Witness file " + file.resolve("witness.txt"));
  }

  @Test
  void verify_json_printsOneObject() throws IOException {
    CapturedRun run = verify(property("(>= Y_0 -1000)"), "--json");

    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.fieldNames())
        .toIterable()
        .containsExactly("model", "property", "verdict", "reason", "x", "y", "reused", "seconds");
    assertThat(report.get("verdict").asText()).isEqualTo("sat");
    assertThat(report.get("x")).hasSize(4);
    assertThat(report.get("y")).hasSize(10);
  }

  @Test
  void verify_propertyInAStore_isAnsweredFromThere() throws IOException {
    for (String condition : List.of("(>= Y_0 1000)", "(>= Y_0 -1000)")) {
      Path property = property(condition);
      JsonNode first = kept(property);
      JsonNode second = kept(property, "--seed", "7");
      JsonNode alone = new ObjectMapper().readTree(verify(property, "--json").out());

      assertThat(first.get("reused").asInt()).as(condition).isZero();
      assertThat(second.get("reused").asInt()).as(condition).isEqualTo(1);
      assertThat(alone.get("reused").asInt()).as(condition).isZero();
      for (String field : List.of("verdict", "x", "y")) {
        assertThat(second.get(field)).as(condition).isEqualTo(first.get(field));
      }
    }
  }

  @Test
  void verify_otherModelOrProperty_isAskedAnew() throws IOException {
    Path property = property("(>= Y_0 1000)");
    kept(property);

    Files.writeString(property, "; changed\n" + Files.readString(property));
    assertThat(kept(property).get("reused").asInt()).isZero();
    assertThat(kept(property).get("reused").asInt()).isEqualTo(1);
    SmallModel.write(model, 2, 11);
    Files.writeString(
        property,
        Files.readString(property).replace("Y_9 Real)", "Y_9 Real)\n(declare-const Y_10 Real)"));
    assertThat(kept(property).get("reused").asInt()).isZero();
  }

  private JsonNode kept(Path property, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of("--json", "--store"));
    words.add(home.resolve("kept.db").toString());
    words.addAll(List.of(more));
    CapturedRun run = verify(property, words.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void verify_textThatIsNoProperty_namesFileAndLine() throws IOException {
    Path bad = Files.writeString(home.resolve("bad.vnnlib"), "(declare-const X_0 Real)\n(foo)\n");

    CapturedRun run = verify(bad);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine().orElseThrow()).contains("bad.vnnlib, line 2", "foo");
  }

  @Test
  void verify_propertyThatIsNotThere_isOneLineWithoutAClassName() {
    CapturedRun run = verify(home.resolve("none.vnnlib"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("none.vnnlib cannot be read: no such file or directory")
        .doesNotContain("Exception");
  }

  @Test
  void verify_modelOfAnotherSize_isOneLine() throws IOException {
    model = SmallModel.write(home.resolve("large.onnx"), 3);

    CapturedRun run = verify(property("(>= Y_0 0)"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("declares 4 inputs X", "has 9");
  }

  private Path property(String assertion) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "(declare-const X_%d Real)(assert (>= X_%d 0))(assert (<= X_%d 1))%n",
              i,
              i,
              i));
    }
    for (int j = 0; j < 10; j++) {
      text.append(String.format(Locale.ROOT, "(declare-const Y_%d Real)%n", j));
    }
    text.append("(assert ").append(assertion).append(')');
    return Files.writeString(home.resolve("property.vnnlib"), text.toString());
  }

  private CapturedRun verify(Path property, String... more) {
    String[] words = new String[3 + more.length];
    words[0] = "verify";
    words[1] = model.toString();
    words[2] = property.toString();
    System.arraycopy(more, 0, words, 3, more.length);
    return CapturedRun.of(home, words);
  }
}

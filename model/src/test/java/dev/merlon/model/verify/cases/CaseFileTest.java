package dev.merlon.model.verify.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.question.Guarantee;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two images of three channels, one row and two columns; value {@code 10 * channel + column}. */
class CaseFileTest {
  @TempDir private Path home;

  private Path file = Path.of("");

  @BeforeEach
  void writeCases() throws IOException {
    Files.write(home.resolve("x.u8.bin"), new byte[] {9, 9, 9, 9, 9, 9, 0, 1, 10, 11, 20, 21});
    Files.writeString(
        home.resolve("x.json"),
        "{\"shape\": [2, 3, 1, 2], \"first_index\": 5, \"file\": \"x.u8.bin\"}");
    String form =
        "{\"id\": \"%s\", \"model\": \"%s\", \"inputs\": \"x.json\", \"index\": 6, \"label\": 1,"
            + " \"norm\": \"l2\", \"eps\": 0.5, \"clip\": null%s}";
    file =
        Files.writeString(
            home.resolve("cases.json"),
            "{\"cases\": ["
                + String.join(
                    ",",
                    String.format(Locale.ROOT, form, "a", "one.onnx", ", \"timeout\": 2"),
                    String.format(Locale.ROOT, form, "b", "two.onnx", ""),
                    String.format(Locale.ROOT, form, "c", "one.onnx", ", \"timeout\": 2"))
                + "]}");
  }

  @Test
  void query_ofImage_isAsItIsStored() {
    CaseFile cases = CaseFile.read(file, Guarantee.REAL);
    VerificationCase asked = cases.cases().get(0);

    assertThat(cases.query(asked).x()).containsExactly(scaled(0, 1, 10, 11, 20, 21));
  }

  @Test
  void groups_timesAndModels_areThoseOfTheFileOrOfTheAsker() {
    CaseFile cases = CaseFile.read(file, Guarantee.REAL);

    var own = cases.groups(Optional.empty(), Duration.ofSeconds(30), Optional.empty());
    var forAll =
        cases.groups(Optional.empty(), Duration.ofSeconds(30), Optional.of(Duration.ofMinutes(1)));

    assertThat(own).hasSize(2);
    assertThat(own.get(0).model()).isEqualTo(home.resolve("one.onnx"));
    assertThat(own.get(0).image().getShape()).containsExactly(3, 1, 2);
    assertThat(own.get(0).timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(own.get(0).cases()).extracting(VerificationCase::id).containsExactly("a", "c");
    assertThat(own.get(1).timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(forAll).extracting(CaseFile.Group::timeout).containsOnly(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'cases': [~{'id': 'a', }]}      | line 2: this is no JSON: {'id': 'a', }]}",
        "{'cases': [~~{'id': 'a'          | line 3: the file ends before its JSON is complete",
        "{'cases': [],~'cases': 1}        | line 2: the field 'cases' is there twice",
        "{'cases': []}~{}                 | line 2: something follows the JSON object",
        "{'cases':~NaN}                   | line 2: this is no JSON: NaN}",
        "~[]                              | it holds no JSON object"
      })
  void read_brokenJson_namesFileLineAndWhatIsWrong(String text, String problem) throws IOException {
    Files.writeString(file, text.replace('~', '\n').replace('\'', '"'));

    assertThatThrownBy(() -> CaseFile.read(file, Guarantee.REAL))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown ->
                assertThat(thrown.failure().message().replace('"', '\''))
                    .isEqualTo(file + ": " + problem));
  }

  private static float[] scaled(int... values) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] / 255f;
    }
    return scaled;
  }
}

package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCommandTest {
  @TempDir private Path home;

  @Test
  void fetch_unknownKind_suggestsOneAndExits2() {
    CapturedRun run = fetch("cifar11");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow())
        .contains("'cifar11' cannot be fetched: did you mean cifar10?");
  }

  @Test
  void fetch_noDirectoryNamed_exits2() {
    CapturedRun run = CapturedRun.of(home, "data", "fetch", "mnist");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--to");
  }

  @Test
  void data_noCommand_exits2() {
    CapturedRun run = CapturedRun.of(home, "data");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("merlon data --help");
  }

  @Test
  void fetch_mirrorWithoutTheFiles_saysSoInOneLineAndExits3() throws IOException {
    Path empty = Files.createDirectory(home.resolve("empty"));

    CapturedRun run = fetch("mnist", "--mirror", empty.toString());

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine().orElseThrow())
        .startsWith("merlon data fetch: train-images-idx3-ubyte.gz cannot be downloaded: file:")
        .contains("there is no such file", "--mirror", "Log: ");
  }

  @Test
  void fetch_mirrorWithOtherFiles_namesTheDigestsAndExits2() throws IOException {
    Path other = Files.createDirectory(home.resolve("other"));
    Files.write(other.resolve("train-images-idx3-ubyte.gz"), new byte[9_912_422]);

    CapturedRun run = fetch("mnist", "--mirror", other.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines().filter(line -> line.startsWith("merlon")))
        .singleElement()
        .asString()
        .contains(
            "expected 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", "removed");
    assertThat(home.resolve("to")).isEmptyDirectory();
  }

  @Test
  void fetch_publishedMnistOnAMirror_isReadyForTraining() throws IOException {
    String files = System.getenv().getOrDefault("MERLON_MNIST", "");
    Assumptions.assumeFalse(
        files.isEmpty(), "MERLON_MNIST is not set: not compared with the published files");

    CapturedRun run = fetch("mnist", "--mirror", files, "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(run.out());
    assertThat(result.path("files")).hasSize(4);
    assertThat(result.path("files"))
        .allSatisfy(file -> assertThat(file.path("state").asText()).isEqualTo("downloaded"));
    CapturedRun again = fetch("mnist", "--mirror", home.toString());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out().lines().filter(line -> line.startsWith("present"))).hasSize(4);
  }

  private CapturedRun fetch(String kind, String... options) {
    String[] fixed = {"data", "fetch", kind, "--to", home.resolve("to").toString()};
    return CapturedRun.of(
        home, Stream.concat(Arrays.stream(fixed), Arrays.stream(options)).toArray(String[]::new));
  }
}

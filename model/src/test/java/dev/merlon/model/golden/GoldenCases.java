package dev.merlon.model.golden;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where golden cases are found. */
public final class GoldenCases {
  /** Names of the cases that are part of the project. */
  public static final List<String> BUNDLED = List.of("mlp", "mlp_bn_train", "conv_stride2");

  private GoldenCases() {}

  /** A training case that is part of the project. */
  public static GoldenCase bundled(String name) {
    try {
      URL folder =
          Optional.ofNullable(GoldenCases.class.getResource("/golden/training/" + name))
              .orElseThrow();
      URI location = folder.toURI();
      return GoldenCase.read(Path.of(location));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bundled training cases. */
  public static Stream<GoldenCase> bundled() {
    return BUNDLED.stream().map(GoldenCases::bundled);
  }

  /**
   * The folder of all golden values; skips the calling test, and says so, where {@code
   * MERLON_GOLDEN} does not name one.
   */
  public static Path folder() {
    String folder = Optional.ofNullable(System.getenv("MERLON_GOLDEN")).orElse("");
    if (folder.isEmpty()) {
      System.err.println(
          "SKIPPED: golden values. Set MERLON_GOLDEN to the folder that holds training/ and"
              + " verification/.");
    }
    assumeTrue(!folder.isEmpty(), "MERLON_GOLDEN is not set: golden values are not compared");
    return Path.of(folder);
  }

  /** The training cases about networks in {@link #folder}. */
  public static Stream<GoldenCase> training() {
    return found(GoldenCase.Kind.NETWORK);
  }

  /** The training cases of a kind in {@link #folder}; each of its folders is a case. */
  public static Stream<GoldenCase> found(GoldenCase.Kind kind) {
    try (Stream<Path> cases = Files.list(folder().resolve("training"))) {
      List<GoldenCase> read =
          cases.filter(Files::isDirectory).sorted().map(GoldenCase::read).toList();
      return read.stream().filter(golden -> golden.kind() == kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

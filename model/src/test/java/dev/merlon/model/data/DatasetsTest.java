package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DatasetsTest {
  private static final ImageCache CACHE = new ImageCache(Path.of("cache"), notice -> {});
  private static final Path DIRECTORY = Path.of("data/mnist");

  @Test
  void open_mnistWithDirectory_isItsReader() {
    DatasetSource source = Datasets.open(DataKind.MNIST, DIRECTORY, CACHE);

    assertThat(source).isEqualTo(new MnistReader(DIRECTORY));
    assertThat(source.kind()).isEqualTo(DataKind.MNIST);
  }

  @Test
  void open_demoWithSeed_isDrawnFromIt() {
    assertThat(Datasets.open(DataKind.DEMO, 42)).isEqualTo(new EmbeddedDigits(42));
  }

  @Test
  void open_mnistWithoutDirectory_asksForOne() {
    assertThat(failureOf(() -> Datasets.open(DataKind.MNIST, 1)))
        .contains("'mnist'", "needs a directory");
  }

  @Test
  void open_demoWithDirectory_refusesIt() {
    assertThat(failureOf(() -> Datasets.open(DataKind.DEMO, DIRECTORY, CACHE)))
        .contains("'demo'", DIRECTORY.toString());
  }

  @Test
  void parse_words_nameKindAndDirectory() {
    assertThat(Datasets.parse("mnist:data/mnist", CACHE)).isEqualTo(new MnistReader(DIRECTORY));
    assertThat(Datasets.parse("mnist:/a:b", CACHE)).isEqualTo(new MnistReader(Path.of("/a:b")));
    assertThat(Datasets.parse("demo", CACHE)).isEqualTo(EmbeddedDigits.standard());
  }

  @Test
  void parse_kindWithoutItsDirectory_asksForOne() {
    assertThat(failureOf(() -> Datasets.parse("mnist", CACHE))).contains("needs a directory");
    assertThat(failureOf(() -> Datasets.parse("mnist:", CACHE))).contains("needs a directory");
  }

  @Test
  void parse_unknownKind_listsTheKnown() {
    assertThat(failureOf(() -> Datasets.parse("mnits:data", CACHE)))
        .contains("'mnits'", "mnist", "demo");
  }

  private static String failureOf(Runnable action) {
    MerlonException thrown = catchThrowableOfType(MerlonException.class, action::run);
    assertThat(thrown).isNotNull();
    Failure failure = thrown.failure();
    assertThat(failure).isInstanceOf(Failure.Data.class);
    return failure.message() + "; " + failure.remedy();
  }
}

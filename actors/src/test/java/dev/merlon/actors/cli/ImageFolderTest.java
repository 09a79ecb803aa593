package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and certification on image files that the test writes itself. */
class ImageFolderTest {
  private static final String CACHE_KEY = "merlon.data.cache";
  private static final int SIDE = 12;
  private static final int TRAIN = 40;
  private static final int TEST = 10;

  /** The demo's objective on 10 x 10 crops of three kinds of pictures. */
  private static final List<String> SETTINGS =
      List.of(
          "name=pictures",
          "data.kind=folder",
          "data.crop=10",
          "data.augment.flip=true",
          "data.augment.random-crop=true",
          "data.augment.pad=1",
          "data.validation=0.1",
          "network.width=4",
          "batch-size=16",
          "epochs=6",
          "schedule.eps-train=0.02",
          "schedule.end-epoch=2",
          "optimizer.learning-rate=0.01",
          "optimizer.decay-epochs=[]",
          "evaluation.threats=linf:0.02",
          "evaluation.rungs=ibp");

  @TempDir private static Path home;

  @BeforeAll
  static void writePictures() throws IOException {
    System.setProperty(CACHE_KEY, home.resolve("cache").toString());
    ConfigFactory.invalidateCaches();
    for (int kind = 0; kind < 3; kind++) {
      String name = List.of("bright", "dark", "striped").get(kind);
      for (int i = 0; i < TRAIN + TEST; i++) {
        Path folder = home.resolve("pictures").resolve(i < TRAIN ? "train" : "test").resolve(name);
        Files.createDirectories(folder);
        ImageIO.write(picture(kind, i), "png", folder.resolve(i + ".png").toFile());
      }
    }
  }

  @AfterAll
  static void forgetCache() {
    System.clearProperty(CACHE_KEY);
    ConfigFactory.invalidateCaches();
  }

  @Test
  void train_folder_learnsAndCertifiesTheTestImages() throws IOException {
    CapturedRun run = train(home.resolve("run"), "--json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("natural").asDouble()).isGreaterThan(0.9);
    assertThat(report.get("certified").get("linf").asDouble()).isGreaterThan(0.5);
    assertThat(Files.readAllLines(home.resolve("run/certificates.jsonl"))).hasSize(3 * TEST);
    assertThat(Files.readString(home.resolve("run/report/summary.md")))
        .contains("folder test, 30 images 3x10x10", "Training images: folder, sha256 `");
  }

  @Test
  void train_again_endsInTheSameBits() throws IOException {
    Path first = home.resolve("first");
    Path second = home.resolve("second");

    assertThat(train(first, "--set", "epochs=2").code()).isZero();
    CapturedRun repeated = train(second, "--set", "epochs=2");

    assertThat(repeated.err()).doesNotContain("Decoding");
    assertThat(Files.readAllBytes(second.resolve("final.onnx")))
        .isEqualTo(Files.readAllBytes(first.resolve("final.onnx")));
  }

  @Test
  void certify_folder_readsItsPartsAndCrops() throws IOException {
    Path run = home.resolve("certified");
    assertThat(train(run, "--set", "epochs=2").code()).isZero();
    String model = run.resolve("final.onnx").toString();

    CapturedRun test = certify(model, pictures(), "--crop", "10");
    CapturedRun train = certify(model, pictures(), "--crop", "10", "--split", "train");
    CapturedRun whole = certify(model, pictures() + "/test", "--crop", "10");
    CapturedRun uncropped = certify(model, pictures());

    assertThat(test.out()).as(test.err()).contains("30 inputs of folder, test set");
    assertThat(train.out()).as(train.err()).contains("120 inputs of folder, train set");
    assertThat(whole.out()).as(whole.err()).contains("30 inputs of folder");
    assertThat(whole.err()).contains("has no test part; all its images are taken");
    assertThat(uncropped.code()).isEqualTo(2);
    assertThat(uncropped.err()).contains("[3, 10, 10]", "[3, 12, 12]");
  }

  @Test
  void train_damagedPicture_isNamedAndNothingIsLeft() throws IOException {
    Path pictures = home.resolve("damaged");
    for (String folder : List.of("train/a", "train/b", "test/a")) {
      Files.createDirectories(pictures.resolve(folder));
      ImageIO.write(picture(0, 1), "png", pictures.resolve(folder).resolve("1.png").toFile());
    }
    Path broken = Files.writeString(pictures.resolve("train/b/2.png"), "no picture");

    CapturedRun run =
        CapturedRun.of(home, arguments(pictures, home.resolve("damaged-run"), List.of()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(broken + " is no PNG, JPEG or BMP image");
    assertThat(home.resolve("damaged-run")).doesNotExist();
  }

  private static CapturedRun train(Path directory, String... more) {
    return CapturedRun.of(home, arguments(home.resolve("pictures"), directory, List.of(more)));
  }

  private static CapturedRun certify(String model, String pictures, String... more) {
    List<String> words = new ArrayList<>(List.of("certify", model, "--data", "folder:" + pictures));
    words.addAll(List.of("--norm", "linf:0.02", "--rungs", "ibp"));
    words.addAll(List.of(more));
    return CapturedRun.of(home, words.toArray(String[]::new));
  }

  private static String pictures() {
    return home.resolve("pictures").toString();
  }

  private static String[] arguments(Path pictures, Path directory, List<String> more) {
    List<String> words = new ArrayList<>(List.of("train", "demo", "--data", pictures.toString()));
    words.addAll(List.of("--run-dir", directory.toString()));
    SETTINGS.forEach(setting -> words.addAll(List.of("--set", setting)));
    words.addAll(more);
    return words.toArray(String[]::new);
  }

  /** Bright, dark or striped, each with noise of its own. */
  private static BufferedImage picture(int kind, int number) {
    SplittableRandom random = new SplittableRandom(1000L * kind + number);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        boolean bright = kind == 0 || (kind == 2 && row % 4 < 2);
        int value = (bright ? 170 : 40) + random.nextInt(40);
        image.setRGB(column, row, (value << 16) | (value << 8) | (255 - value));
      }
    }
    return image;
  }
}

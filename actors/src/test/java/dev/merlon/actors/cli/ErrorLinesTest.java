package dev.merlon.actors.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.merlon.actors.SmallModel;
import dev.merlon.proto.Digests;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user gets who gives something wrong: one line that says what, where and what to do, the
 * documented exit code, and a disk as it was before.
 */
class ErrorLinesTest {
  private static final int SIDE = 28;

  @TempDir private static Path home;

  /** What commands may read and write; everything in it is watched. */
  private static Path work;

  /**
   * A command and what it says.
   *
   * @param name what is wrong
   * @param command words; DIR/ is the directory that is watched
   * @param line the last line on standard error; the same
   */
  record Case(String name, String command, String line) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void writeFiles() throws IOException {
    work = Files.createDirectory(home.resolve("work"));
    byte[] model = Files.readAllBytes(SmallModel.write(work.resolve("model.onnx"), SIDE));
    SmallModel.write(work.resolve("other.onnx"), 8);
    Files.write(work.resolve("cut.onnx"), Arrays.copyOf(model, model.length / 2));
    Files.write(work.resolve("mish.onnx"), withOperator(model, "Relu", "Mish"));
    SmallModel.write(work.resolve("three.onnx"), SIDE, 3);
    Files.writeString(work.resolve("text.merlon"), "no checkpoint\n");
    Files.writeString(work.resolve("text.onnx"), "no model\n");
    Files.writeString(work.resolve("malformed.conf"), "epochs = 2\nnetwork {{\n");
    Files.writeString(work.resolve("unknown.conf"), "network.widht = 2\n");
    Files.createDirectory(work.resolve("empty"));
    Files.writeString(Files.createDirectory(work.resolve("used")).resolve("final.onnx"), "a run");
    writeMnist(Files.createDirectory(work.resolve("cut-test")), 40, 20);
    writeMnist(Files.createDirectory(work.resolve("cut-train")), 20, 40);
  }

  static Stream<Case> settings() {
    return Stream.of(
        new Case(
            "unknown preset",
            "train mnist-cnn3-ipb-0.1",
            "merlon train: Unknown preset 'mnist-cnn3-ipb-0.1'. Did you mean mnist-cnn3-ibp-0.1?"
                + " `merlon presets` lists them."),
        new Case(
            "preset like no other",
            "presets resnet",
            "merlon presets: Unknown preset 'resnet'. `merlon presets --filter resnet` lists"
                + " them."),
        new Case(
            "missing file of settings",
            "train DIR/none.conf",
            "merlon train: Configuration file DIR/none.conf does not exist. Check the path, or name"
                + " a preset; `merlon presets` lists them."),
        new Case(
            "bad HOCON",
            "train DIR/malformed.conf",
            "merlon train: Configuration cannot be read: DIR/malformed.conf: 2: expecting a close"
                + " parentheses ')' here, not: '{'. Correct the HOCON at that place."),
        new Case(
            "unknown key in a file",
            "train DIR/unknown.conf",
            "merlon train: Unknown key network.widht (DIR/unknown.conf: 1). Did you mean"
                + " network.width?"),
        new Case(
            "unknown key on the command line",
            "train demo --set epoch=3",
            "merlon train: Unknown key epoch (override epoch=3). Did you mean epochs?"),
        new Case(
            "negative radius",
            "train demo --set schedule.eps-train=-0.1",
            "merlon train: schedule.eps-train is -0.1: must lie between 0 and 1 for linf (pixels"
                + " lie in [0,1]; write 8/255, not 8) (override schedule.eps-train=-0.1). Correct"
                + " schedule.eps-train; docs/configuration.md describes every key."),
        new Case(
            "radius in steps of 1/255",
            "train demo --set schedule.eps-train=8",
            "merlon train: schedule.eps-train is 8: must lie between 0 and 1 for linf (pixels lie"
                + " in [0,1]; write 8/255, not 8) (override schedule.eps-train=8). Correct"
                + " schedule.eps-train; docs/configuration.md describes every key."),
        new Case(
            "operator set that is too old for the network",
            "train demo --set export.opset=12",
            "merlon train: export.opset is 12: operator Relu is written as operator set 13"
                + " defines it. Set it to 13 to 26, or leave it out for the lowest."),
        new Case(
            "operator set that nobody knows",
            "train demo --set export.opset=27",
            "merlon train: export.opset is 27: the newest that is known is 26. Set it to 13 to 26,"
                + " or leave it out for the lowest."),
        new Case(
            "radius that is no number",
            "train demo --set schedule.eps-train=small",
            "merlon train: schedule.eps-train is \"small\": must be a number such as 0.1 or 8/255"
                + " (override schedule.eps-train=small). Correct schedule.eps-train;"
                + " docs/configuration.md describes every key."),
        new Case(
            "normalisation of other channels",
            "train demo --set network.mean=0.5,0.5,0.5 --set network.std=1,1,1",
            "merlon train: network.mean and network.std have values for 3 channels but the images"
                + " have 1. Give one value per channel, or none: --set network.mean=[] --set"
                + " network.std=[]."),
        new Case(
            "radius wider than the images",
            "train demo --set evaluation.threats=l2:30",
            "merlon train: Perturbation l2:30 is wider than the distance of any two images of"
                + " 1x28x28, 28.00. Give a radius for pixels in [0,1], such as linf:8/255 or"
                + " l2:0.5."),
        new Case(
            "comparison on validation images that there are not",
            "train demo --set selection.metric=natural --run-dir DIR/run",
            "merlon train: selection.metric is natural but there are no validation images to"
                + " compare models on. Hold some back, such as --set data.validation=0.1, or"
                + " compare on the test images with --set selection.split=test."));
  }

  static Stream<Case> data() {
    String mnist = "train mnist-cnn3-ibp-0.1 --run-dir DIR/run ";
    return Stream.of(
        new Case(
            "no data named",
            mnist,
            "merlon train: mnist-cnn3-ibp-0.1 trains on mnist, whose files are not named. Add"
                + " --data DIR with the directory of its files; `merlon data fetch mnist --to DIR`"
                + " gets them."),
        new Case(
            "unknown data set to fetch",
            "data fetch mnits --to DIR/x",
            "merlon data fetch: KIND: 'mnits' cannot be fetched: did you mean mnist? Try merlon"
                + " data fetch --help."),
        new Case(
            "missing directory",
            mnist + "--data DIR/none",
            "merlon train: DIR/none does not exist. Name the directory that holds the MNIST"
                + " files."),
        new Case(
            "missing file",
            mnist + "--data DIR/empty",
            "merlon train: DIR/empty has no file t10k-images-idx3-ubyte or"
                + " t10k-images-idx3-ubyte.gz. Name the directory that holds the four MNIST"
                + " files."),
        new Case(
            "truncated test images",
            mnist + "--data DIR/cut-test",
            "merlon train: DIR/cut-test/t10k-images-idx3-ubyte is truncated: 15680 bytes of data,"
                + " expected 31360. Replace the file with an undamaged copy of the original"
                + " download."),
        new Case(
            "unknown kind of data",
            "certify DIR/model.onnx --data mnits:x --norm linf:0.1",
            "merlon certify: There is no data set of kind 'mnits'. Did you mean mnist? Choose one"
                + " of mnist, cifar10, cifar100, folder, tinyimagenet, demo."),
        new Case(
            "used run directory",
            "train demo --run-dir DIR/used",
            "merlon train: The run directory DIR/used exists and is not empty. Add --resume to go"
                + " on with that run, or choose another --run-dir."),
        new Case(
            "run directory that is a file",
            "train demo --run-dir DIR/text.onnx",
            "merlon train: DIR/text.onnx is not a directory. Choose another --run-dir."),
        new Case(
            "run directory that cannot be made",
            "train demo --run-dir DIR/text.onnx/run",
            "merlon train: The run directory DIR/text.onnx/run cannot be written: not a directory."
                + " Make room there and the directory writable, or choose another --run-dir."),
        new Case(
            "no run to report",
            "report DIR/empty",
            "merlon report: DIR/empty is not a run directory: it holds no run.conf. Name a"
                + " directory that `merlon train` or `merlon demo` made."));
  }

  static Stream<Case> models() {
    String inputs = " --data demo --first 1 --norm linf:0.1";
    String certify = "certify DIR/model.onnx --data demo --first 1 --norm ";
    String advice =
        " Write a norm and a radius, such as linf:8/255 or l2:0.5. Try merlon certify --help.";
    return Stream.of(
        new Case(
            "missing model",
            "certify DIR/none.onnx" + inputs,
            "merlon certify: There is no model file 'DIR/none.onnx'. Check the path and its"
                + " permissions."),
        new Case(
            "file that is no model",
            "certify DIR/text.onnx" + inputs,
            "merlon certify: Model 'DIR/text.onnx' is not an ONNX file, or it is cut short or"
                + " damaged. Export or copy the model again."),
        new Case(
            "truncated model",
            "certify DIR/cut.onnx" + inputs,
            "merlon certify: Model 'DIR/cut.onnx' is not an ONNX file, or it is cut short or"
                + " damaged. Export or copy the model again."),
        new Case(
            "unsupported operator",
            "attack DIR/mish.onnx" + inputs,
            "merlon attack: Model 'DIR/mish.onnx': node 'relu1' (Mish): the operator is not"
                + " supported. Use an ONNX classifier with float32 or float64 weights inside the"
                + " file, built of Add, AveragePool, BatchNormalization, Cast, Clip, Concat,"
                + " Constant, Conv, Div, Dropout, Flatten, Gemm, GlobalAveragePool, Identity,"
                + " LeakyRelu, LogSoftmax, MatMul, MaxPool, Mul, Pad, Relu, Reshape, Sigmoid,"
                + " Softmax, Sub, Tanh, Transpose."),
        new Case(
            "model of another input",
            "certify DIR/other.onnx" + inputs,
            "merlon certify: DIR/other.onnx takes [1, 8, 8] and has 10 classes, but demo has images"
                + " of [1, 28, 28] and 10 classes. Name the data the model was trained on."),
        new Case(
            "nothing to certify against",
            "certify DIR/model.onnx",
            "merlon certify: Missing required options: --data KIND[:DIR] or --image"
                + " FILE, --norm NORM:EPS. Try merlon"
                + " certify --help."),
        new Case(
            "nothing to train",
            "train",
            "merlon train: Missing required parameter: PRESET|FILE.conf. Try merlon train --help."),
        new Case(
            "norm without a name",
            certify + "0.1",
            "merlon certify: --norm: Perturbation '0.1' has no radius." + advice),
        new Case(
            "norm with the wrong sign",
            certify + "linf=0.1",
            "merlon certify: --norm: Perturbation 'linf=0.1' has no radius." + advice),
        new Case(
            "misspelled norm",
            certify + "lnf:0.1",
            "merlon certify: --norm: Perturbation 'lnf:0.1' is refused: lnf is no kind of"
                + " perturbation: did you mean linf? (known: linf, l2, l1)."
                + advice),
        new Case(
            "negative radius",
            certify + "linf:-0.1",
            "merlon certify: --norm: Perturbation 'linf:-0.1' is refused: eps is -0.1, must be"
                + " above 0."
                + advice),
        new Case(
            "radius in steps of 1/255",
            certify + "linf:8",
            "merlon certify: --norm: Perturbation 'linf:8' is refused: eps is 8, must lie between 0"
                + " and 1 for linf (pixels lie in [0,1]; write 8/255, not 8)."
                + advice),
        new Case(
            "radius wider than the images",
            certify + "l2:1000",
            "merlon certify: Perturbation l2:1000 is wider than the distance of any two images of"
                + " 1x28x28, 28.00. Give a radius for pixels in [0,1], such as linf:8/255 or"
                + " l2:0.5."),
        new Case(
            "number that is none",
            certify + "linf:0.1 --first many",
            "merlon certify: --first: 'many' is not a whole number. Try merlon certify --help."),
        new Case(
            "results that cannot be written",
            certify + "linf:0.1 --out DIR/text.onnx/verdicts.jsonl",
            "merlon certify: Results file DIR/text.onnx/verdicts.jsonl cannot be used: a file"
                + " of that name is in the way. Check the path, the rights and the space on the"
                + " disk."));
  }

  static Stream<Case> starts() {
    String train = "train demo --run-dir DIR/run ";
    String digest = "0".repeat(64);
    return Stream.of(
        new Case(
            "no model to fine-tune",
            train + "--set objective.kind=cure-finetune",
            "merlon train: Objective cure-finetune starts from a trained model, and none is named."
                + " Add --from with an ONNX model, a run directory or a checkpoint."),
        new Case(
            "missing start model",
            train + "--from DIR/none.onnx",
            "merlon train: There is no model file 'DIR/none.onnx'. Check the path and its"
                + " permissions."),
        new Case(
            "start model of other images",
            train + "--from DIR/other.onnx",
            "merlon train: Model 'DIR/other.onnx' cannot be trained: it takes inputs of shape (1,"
                + " 8, 8) where the images have shape (1, 28, 28). Start from a model of the same"
                + " images and classes."),
        new Case(
            "start model of other classes",
            train + "--from DIR/three.onnx",
            "merlon train: Model 'DIR/three.onnx' cannot be trained: it has 3 logits where the data"
                + " has 10 classes. Start from a model of the same images and classes."),
        new Case(
            "start from a run without a result",
            train + "--from DIR/empty",
            "merlon train: DIR/empty holds no final.onnx to start from. Name a run that has ended,"
                + " or one of its models or checkpoints."),
        new Case(
            "start from a file that is no checkpoint",
            train + "--from DIR/text.merlon",
            "merlon train: Checkpoint DIR/text.merlon cannot be used: it does not begin like a"
                + " checkpoint. Name another checkpoint, or a model of that run."),
        new Case(
            "start model by its digest alone",
            train + "--set start-model=" + digest,
            "merlon train: start-model is "
                + digest
                + " but no model is named. Add --from with that model, or leave start-model out."),
        new Case(
            "start model that is no digest",
            train + "--set start-model=final.onnx",
            "merlon train: start-model is 'final.onnx': must be empty or a SHA-256 of 64"
                + " hexadecimal digits in lower case (override start-model=final.onnx). Correct"
                + " start-model; docs/configuration.md describes every key."));
  }

  @ParameterizedTest
  @MethodSource({"settings", "data", "models", "starts"})
  void run_whatCannotBe_isOneLineAndLeavesTheDiskAsItWas(Case wrong) {
    Map<String, String> before = content();

    CapturedRun run = run(wrong.command());

    assertThat(run.onlyErrorLine()).as(run.err()).hasValue(inWork(wrong.line()));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(content()).isEqualTo(before);
  }

  @Test
  void train_truncatedTrainingImages_leavesNoRunBehind() {
    Map<String, String> before = content();

    CapturedRun run =
        run("train mnist-cnn3-ibp-0.1 --data DIR/cut-train --run-dir DIR/new/runs/one");

    assertThat(run.err().lines().reduce((first, last) -> last))
        .hasValue(
            inWork(
                "merlon train: DIR/cut-train/train-images-idx3-ubyte is truncated: 15680 bytes of"
                    + " data, expected 31360. Replace the file with an undamaged copy of the"
                    + " original download."));
    assertThat(run.err()).doesNotContain("Exception", "\tat ");
    assertThat(run.code()).isEqualTo(2);
    assertThat(content()).isEqualTo(before);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void certify_fullDevice_saysSoAndWhatToNameInstead() throws IOException {
    Path full = Files.createDirectory(home.resolve("full")).resolve("verdicts.jsonl");
    Files.createSymbolicLink(full, Path.of("/dev/full"));

    CapturedRun run =
        run("certify DIR/model.onnx --data demo --first 1 --norm linf:0.1 --out " + full);

    assertThat(run.onlyErrorLine())
        .as(run.err())
        .hasValue(
            "merlon certify: Verdicts cannot be written to "
                + full
                + ": no space left on device. Make room or keep its reader open, or name a file,"
                + " with which --resume could go on. Log: "
                + home.resolve("log/merlon.log"));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void certify_diskThatTakesSmallFilesOnly_keepsWholeVerdictsToGoOnWith() throws Exception {
    Path out = home.resolve("small.jsonl");
    String command =
        "certify DIR/model.onnx --data demo --first 40 --norm linf:0.1 --rungs ibp --no-store --out "
            + out;

    Process limited = limited(4, inWork(command));
    List<String> said = new String(limited.getErrorStream().readAllBytes(), UTF_8).lines().toList();

    assertThat(limited.waitFor()).as(said.toString()).isEqualTo(3);
    assertThat(said.get(said.size() - 1))
        .startsWith(
            "merlon certify: Verdicts cannot be written to "
                + out
                + ": file too large. Make room or repair the disk; --resume goes on with the"
                + " verdicts written so far.");
    long whole = Files.readString(out).chars().filter(end -> end == '\n').count();
    assertThat(whole).isLessThan(40);
    CapturedRun resumed = run(command + " --resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    // Without the store, what was unknown is asked again and has two lines.
    assertThat(Files.readAllLines(out).stream().map(line -> line.substring(0, line.indexOf(','))))
        .containsAll(IntStream.range(0, 40).mapToObj(index -> "{\"index\":" + index).toList());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void train_diskThatTakesSmallFilesOnly_leavesARunThatCanBeResumed() throws Exception {
    Path directory = home.resolve("small-files");
    String command =
        "train demo --set network.width=2 --set batch-size=64 --set data.train-limit=128 --set"
            + " data.test-limit=10 --set epochs=2 --set schedule.end-epoch=1 --set"
            + " optimizer.decay-epochs=[] --set evaluation.rungs=ibp --no-store --run-dir "
            + directory;

    Process limited = limited(8, command);
    List<String> said = new String(limited.getErrorStream().readAllBytes(), UTF_8).lines().toList();

    assertThat(limited.waitFor()).as(said.toString()).isEqualTo(3);
    assertThat(said).noneMatch(line -> line.contains("Exception") || line.startsWith("\tat"));
    assertThat(said.get(said.size() - 1))
        .isEqualTo(
            "merlon train: The run directory "
                + directory
                + " cannot be written: file too large. Make room or repair the disk, then resume"
                + " the run. Log: "
                + directory.resolve("merlon.log"));
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock", "merlon.log", "metrics.jsonl", "run.conf", "sessions.jsonl");
    }
    CapturedRun resumed = run(command + " --resume");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(directory.resolve("final.onnx")).exists();
  }

  /** The program in a process that may write no file of more than so many KiB. */
  private static Process limited(int kibibytes, String command) throws IOException {
    List<String> words = new ArrayList<>(List.of("bash", "-c"));
    words.add("ulimit -f " + kibibytes + "; exec \"$0\" \"$@\"");
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:-UsePerfData", "-Xlog:disable", "-Xss8m", "-Dai.djl.offline=true"));
    words.addAll(List.of("-Dlogback.configurationFile=logback.xml", "-XX:TieredStopAtLevel=1"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    words.addAll(List.of(command.split(" +")));
    return new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void train_tooLittleMemoryForThePlan_isRefusedBeforeTheStart() {
    Map<String, String> before = content();

    CapturedRun run =
        run(
            "train demo --run-dir DIR/run --set network.width=4096 --set"
                + " device.precision=float64");

    assertThat(run.onlyErrorLine().orElse(run.err()))
        .matches(
            "merlon train: Training demo needs about [0-9.]+ [GT]iB of memory in batches of 128"
                + " images, [0-9.]+ [MG]iB is available\\. Choose a smaller network, such as a"
                + " lower network\\.width, or free memory\\.");
    assertThat(run.code()).isEqualTo(2);
    assertThat(content()).isEqualTo(before);
  }

  private static CapturedRun run(String command) {
    return CapturedRun.of(home, inWork(command).strip().split(" +"));
  }

  private static String inWork(String text) {
    return text.replace("DIR/", work + "/");
  }

  /** Digests of everything that is watched. */
  private static Map<String, String> content() {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.toList()) {
        content.put(
            work.relativize(file).toString(),
            Files.isDirectory(file) ? "directory" : Digests.ofFile(file));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return content;
  }

  private static byte[] withOperator(byte[] model, String from, String to) throws IOException {
    ModelProto.Builder changed = ModelProto.parseFrom(model).toBuilder();
    changed.getGraphBuilder().getNodeBuilderList().stream()
        .filter(node -> node.getOpType().equals(from))
        .forEach(node -> node.setOpType(to));
    return changed.build().toByteArray();
  }

  /** MNIST files that announce 40 images each and hold so many. */
  private static void writeMnist(Path directory, int train, int test) throws IOException {
    writeIdx(directory.resolve("train-images-idx3-ubyte"), train, 40, SIDE, SIDE);
    writeIdx(directory.resolve("train-labels-idx1-ubyte"), 40, 40);
    writeIdx(directory.resolve("t10k-images-idx3-ubyte"), test, 40, SIDE, SIDE);
    writeIdx(directory.resolve("t10k-labels-idx1-ubyte"), 40, 40);
  }

  private static void writeIdx(Path file, int held, int... sizes) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(0x0800 + sizes.length);
    int record = 1;
    for (int i = 0; i < sizes.length; i++) {
      out.writeInt(sizes[i]);
      record *= i == 0 ? 1 : sizes[i];
    }
    out.write(new byte[held * record]);
    Files.write(file, bytes.toByteArray());
  }
}

package dev.merlon.model.bound;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One input of a published model, one norm, one radius, with golden bounds.
 *
 * @param golden the numbers, and what they are about
 */
public record PublishedCase(
    LiveNetwork live, JsonNode golden, NDArray x, NormBall set, NDArray labels) {

  /** What is done with a case, without gradients, and its number. */
  public interface Use {
    void with(int number, PublishedCase published);
  }

  /** All cases of a model. */
  public static void each(String name, Use use) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    String inputs = name.startsWith("mnist") ? "mnist" : "cifar";
    byte[] pixels = Files.readAllBytes(folder.resolve("inputs/" + inputs + ".u8.bin"));
    each(model, folder.resolve("bounds/" + name + ".json"), pixels, use);
  }

  /** The cases with exact margins, of a network of 20 rectifiers. */
  public static void eachExact(Use use) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/mnist_tiny_20.onnx"));
    byte[] pixels = Files.readAllBytes(folder.resolve("inputs/mnist.u8.bin"));
    each(model, folder.resolve("bounds/exact_milp_tiny.json"), pixels, use);
  }

  /** All cases of a file of bounds. */
  private static void each(ImportedModel model, Path bounds, byte[] pixels, Use use)
      throws IOException {
    JsonNode cases = new ObjectMapper().readTree(bounds.toFile()).path("cases");
    assertThat(cases).isNotEmpty();
    try (Scope models = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT64, models);
      for (int i = 0; i < cases.size(); i++) {
        int number = i;
        try (Scope scope = models.child("case")) {
          Autograd.withoutGradients(
              () -> {
                use.with(number, of(live, cases.get(number), pixels, scope));
                return number;
              });
        }
      }
    }
  }

  /** The class of the input. */
  public int label() {
    return golden.path("label").asInt();
  }

  /** The classes that margins are given against, in their order. */
  public int[] targets() {
    JsonNode targets = golden.path("targets");
    int[] classes = new int[targets.size()];
    for (int t = 0; t < classes.length; t++) {
      classes[t] = targets.get(t).asInt();
    }
    return classes;
  }

  private static PublishedCase of(LiveNetwork live, JsonNode golden, byte[] pixels, Scope scope) {
    Shape shape = live.network().inputShape();
    double[] input = PublishedInputs.pixels(pixels, golden.path("index").asInt(), shape);
    boolean linf = golden.path("norm").asText().equals("inf");
    boolean clip = golden.path("clip").isArray();
    double eps = golden.path("eps").asDouble();
    NormBall set = new NormBall(linf ? new LInf() : new L2(), eps, clip);
    NDArray x = scope.tensor(input, DataType.FLOAT64, new Shape(1).addAll(shape).getShape());
    return new PublishedCase(live, golden, x, set, scope.labels(golden.path("label").asInt()));
  }
}

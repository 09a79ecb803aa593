package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.List;

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
  public static void each(PublishedModel published, Use use) {
    ImportedModel model = published.read();
    List<JsonNode> cases = published.cases();
    assertThat(cases).isNotEmpty();
    try (Scope models = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT64, models);
      for (int i = 0; i < cases.size(); i++) {
        int number = i;
        try (Scope scope = models.child("case")) {
          Autograd.withoutGradients(
              () -> {
                use.with(number, of(live, cases.get(number), published.folder(), scope));
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
    assertThat(targets).as("targets of %s", golden).isNotEmpty();
    int[] classes = new int[targets.size()];
    for (int t = 0; t < classes.length; t++) {
      classes[t] = targets.get(t).asInt();
    }
    return classes;
  }

  /** Numbers about each of the {@link #targets}. */
  public double[] numbers(String name) {
    JsonNode array = golden.path(name);
    assertThat(array.size()).as("%s of %s", name, golden).isEqualTo(targets().length);
    double[] numbers = new double[array.size()];
    for (int t = 0; t < numbers.length; t++) {
      assertThat(array.get(t).isNumber()).as("%s of %s", name, golden).isTrue();
      numbers[t] = array.get(t).asDouble();
    }
    return numbers;
  }

  private static PublishedCase of(
      LiveNetwork live, JsonNode golden, PublishedFolder folder, Scope scope) {
    Shape shape = live.network().inputShape();
    PublishedInputs inputs = folder.inputs(golden, shape.size());
    double[] input = inputs.pixels(golden.path("index").asInt(), shape);
    NormBall set = PublishedFolder.set(golden);
    NDArray x = scope.tensor(input, DataType.FLOAT64, new Shape(1).addAll(shape).getShape());
    return new PublishedCase(live, golden, x, set, scope.labels(golden.path("label").asInt()));
  }
}

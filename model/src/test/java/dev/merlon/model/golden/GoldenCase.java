package dev.merlon.model.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One case of golden numbers for training: {@code case.json} with scalars and the layer list,
 * {@code data.bin} with float64 tensors. Nodes of its network are named by layer index, so that its
 * parameters are {@code 1.weight}, {@code 2.running_mean} and so on.
 */
public final class GoldenCase {
  /** What a case can be about, by a field that it has. */
  public enum Kind {
    /** A network with a batch. */
    NETWORK("network"),
    /** Radii, weights and deviations by formula. */
    SCHEDULES("kappa_beta"),
    /** Divergences of given differences. */
    ALIGNMENT("case_0"),
    /** Two branches of given parameters. */
    PROJECTION("betas");

    private final String field;

    Kind(String field) {
      this.field = field;
    }
  }

  private static final String SHRUNKEN = "loss_dimwise_relu_shrink_";

  private final String name;
  private final JsonNode json;
  private final byte[] data;

  private GoldenCase(String name, JsonNode json, byte[] data) {
    this.name = name;
    this.json = json;
    this.data = data;
  }

  /** Reads the case in a folder. */
  public static GoldenCase read(Path folder) {
    try {
      byte[] text = Files.readAllBytes(folder.resolve("case.json"));
      Path tensors = folder.resolve("data.bin");
      byte[] data = Files.exists(tensors) ? Files.readAllBytes(tensors) : new byte[0];
      JsonNode json = new ObjectMapper().readTree(text);
      if (json.path("data_bytes").asInt() != data.length) {
        throw new IllegalStateException(tensors + " is not what case.json is about");
      }
      return new GoldenCase(folder.getFileName().toString(), json, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Name of the case, for example {@code mlp_bn_train}. */
  public String name() {
    return name;
  }

  /** The whole {@code case.json}. */
  public JsonNode json() {
    return json;
  }

  /** What the case is about. */
  public Kind kind() {
    List<Kind> kinds = Stream.of(Kind.values()).filter(kind -> json.has(kind.field)).toList();
    if (kinds.size() != 1) {
      throw new IllegalStateException("case " + name + " is of no known kind");
    }
    return kinds.get(0);
  }

  /** Whether batch normalisation uses the statistics of the clean batch. */
  public boolean trains() {
    return json.path("bn_mode").asText().equals("train");
  }

  /** The scalar at this path, for example {@code number("crown_ibp", "loss")}. */
  public double number(String... path) {
    JsonNode node = json;
    for (String step : path) {
      node = node.path(step);
    }
    if (node.isMissingNode()) {
      throw new IllegalArgumentException(name + " has no number " + Arrays.toString(path));
    }
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.doubleValue();
  }

  /** Names of the tensors, in the file's order. */
  public List<String> tensors() {
    return json.path("tensors").properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String tensor) {
    return json.path("tensors").has(tensor);
  }

  /** One tensor of {@code data.bin}, float64 or int64. */
  public HostTensor tensor(String tensor) {
    JsonNode entry = json.path("tensors").path(tensor);
    if (entry.isMissingNode()) {
      throw new IllegalArgumentException(name + " has no tensor " + tensor);
    }
    long[] extents = new long[entry.path("shape").size()];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = entry.path("shape").get(i).asLong();
    }
    Shape shape = new Shape(extents);
    int from = entry.path("offset").asInt();
    DataType type =
        switch (entry.path("dtype").asText()) {
          case "f64" -> DataType.FLOAT64;
          case "i64" -> DataType.INT64;
          default -> throw new IllegalStateException(name + ", " + tensor + ": type of " + entry);
        };
    return HostTensor.of(
        type, shape, Arrays.copyOfRange(data, from, from + Math.toIntExact(8 * shape.size())));
  }

  /** The factor of shrunken rectifiers, of which the names of their numbers tell. */
  public double shrinkage() {
    return Double.parseDouble(shrunkenLoss().substring(SHRUNKEN.length()));
  }

  /** Name of the number under {@code sabr} that is the loss with shrunken rectifiers. */
  public String shrunkenLoss() {
    return json.path("sabr").properties().stream()
        .map(Map.Entry::getKey)
        .filter(key -> key.startsWith(SHRUNKEN))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " has no sabr/" + SHRUNKEN));
  }

  /** The labels {@code y}. */
  public int[] labels() {
    return Arrays.stream(tensor("y").toDoubles()).mapToInt(value -> (int) value).toArray();
  }

  /** The case's network. */
  public Network network() {
    return GoldenNetwork.of(json);
  }

  /** Values of all the network's tensors. */
  public ParameterValues values() {
    Network network = network();
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String parameter : network.parameters().keySet()) {
      tensors.put(
          parameter,
          has("param." + parameter) ? tensor("param." + parameter) : tensor("buffer." + parameter));
    }
    return ParameterValues.of(network, tensors);
  }

  /**
   * The case's network, float64, on the CPU, as the case's training step uses it.
   *
   * @param scope owner of all tensors
   * @param gradients whether gradients of the trainable tensors are wanted (call this inside {@code
   *     Autograd.recording})
   */
  public Setup open(Scope scope, boolean gradients) {
    return open(scope, gradients, values());
  }

  /** As {@link #open(Scope, boolean)} after an amount was added to one parameter. */
  public Setup open(Scope scope, boolean gradients, String parameter, double... added) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>(values().tensors());
    HostTensor original = values().get(parameter);
    double[] moved = original.toDoubles();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += added[i];
    }
    tensors.put(parameter, HostTensor.of(moved, original.shape().getShape()));
    return open(scope, gradients, ParameterValues.of(network(), tensors));
  }

  private Setup open(Scope scope, boolean gradients, ParameterValues values) {
    Map<String, NDArray> owned = new HashMap<>();
    values.tensors().forEach((name, value) -> owned.put(name, scope.tensor(value)));
    LiveNetwork live = LiveNetwork.over(network(), owned, scope, gradients);
    NDArray x = scope.tensor(tensor("x"));
    Optional<CleanForward> clean =
        trains() ? Optional.of(Concrete.clean(live, x)) : Optional.empty();
    LiveNetwork used = clean.map(pass -> live.withStatistics(pass.statistics())).orElse(live);
    NDArray logits = clean.map(CleanForward::logits).orElseGet(() -> Concrete.logits(live, x));
    return new Setup(used, x, scope.labels(labels()), logits);
  }

  /**
   * A case on the device.
   *
   * @param live the network with the statistics that every bound and attack of the step uses; its
   *     {@code tensors()} are the gradients' leaves
   * @param x the batch
   * @param labels {@code int64 [N]}
   * @param logits of the clean forward pass
   */
  public record Setup(LiveNetwork live, NDArray x, NDArray labels, NDArray logits) {}

  @Override
  public String toString() {
    return name;
  }
}

package dev.merlon.model.optimize;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.objective.ProjectionSettings;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Merged branches against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GradientProjectionContract {
  private static final String CONSTANT = "scale.constant";

  abstract Stream<GoldenCase> cases();

  /** Every case with each of its weights, in both forms. */
  Stream<Arguments> weights() {
    return cases()
        .flatMap(
            golden ->
                StreamSupport.stream(golden.json().path("betas").spliterator(), false)
                    .flatMap(
                        beta ->
                            Stream.of(ProjectionSettings.Form.values())
                                .map(form -> Arguments.of(golden, beta.asDouble(), form))));
  }

  /** Every case in both forms. */
  Stream<Arguments> forms() {
    return cases()
        .flatMap(
            golden ->
                Stream.of(ProjectionSettings.Form.values())
                    .map(form -> Arguments.of(golden, form)));
  }

  @ParameterizedTest
  @MethodSource("weights")
  void merge_branches_areTheGoldenTensors(
      GoldenCase golden, double beta, ProjectionSettings.Form form) {
    String variant =
        switch (form) {
          case COSINE -> "new";
          case ORTHOGONAL -> "orthogonal_variant.new";
        };
    Map<String, HostTensor> merged =
        merge(golden, new GradientProjection(beta, form)).values().tensors();
    List<String> given = given(golden);
    assertThat(merged).containsKeys(given.toArray(String[]::new));
    for (String name : given) {
      HostTensor expected = golden.tensor("beta" + beta + "." + variant + "." + name);
      HostTensor value = Optional.ofNullable(merged.get(name)).orElseThrow();
      assertThat(value.shape()).isEqualTo(expected.shape());
      assertClose(name, value.toDoubles(), expected.toDoubles());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void merge_cosines_areTheGoldenOnesAndZeroForNoChange(GoldenCase golden) {
    GradientProjection.Merged merged =
        merge(golden, new GradientProjection(0.5, ProjectionSettings.Form.COSINE));
    merged
        .cosines()
        .forEach(
            (name, cosine) -> {
              double expected =
                  golden.has("old." + name) ? golden.number("cosine_per_tensor", name) : 0;
              assertClose(name, cosine, expected, 1);
            });
    assertThat(merged.cosines().keySet())
        .containsExactlyElementsOf(
            network(golden).parameters().keySet().stream()
                .filter(name -> !name.equals(CONSTANT))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void merge_weightZero_isTheCertifiedBranchToRounding(
      GoldenCase golden, ProjectionSettings.Form form) {
    ParameterValues merged = merge(golden, new GradientProjection(0, form)).values();
    merged
        .tensors()
        .forEach(
            (name, value) ->
                assertClose(
                    name, value.toDoubles(), values(golden, "certified").get(name).toDoubles()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void merge_float32Branches_areMergedInFloat64AndRoundedOnce(GoldenCase golden) {
    GradientProjection projection = new GradientProjection(0.3, ProjectionSettings.Form.ORTHOGONAL);
    ParameterValues start = values(golden, "old").as(DataType.FLOAT32);
    ParameterValues natural = values(golden, "natural").as(DataType.FLOAT32);
    ParameterValues certified = values(golden, "certified").as(DataType.FLOAT32);
    ParameterValues merged = projection.merge(network(golden), start, natural, certified).values();
    ParameterValues wide =
        projection
            .merge(
                network(golden),
                start.as(DataType.FLOAT64),
                natural.as(DataType.FLOAT64),
                certified.as(DataType.FLOAT64))
            .values();
    assertThat(merged).isEqualTo(wide.as(DataType.FLOAT32));
    assertThat(projection.merge(network(golden), start, natural, certified).values())
        .isEqualTo(merged);
  }

  private static GradientProjection.Merged merge(GoldenCase golden, GradientProjection projection) {
    return projection.merge(
        network(golden),
        values(golden, "old"),
        values(golden, "natural"),
        values(golden, "certified"));
  }

  // What the case has no branches of did not change.
  private static ParameterValues values(GoldenCase golden, String branch) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    network(golden)
        .parameters()
        .forEach(
            (name, spec) -> {
              double[] ones = new double[Math.toIntExact(spec.shape().size())];
              Arrays.fill(ones, 1);
              tensors.put(
                  name,
                  golden.has("old." + name)
                      ? golden.tensor(branch + "." + name)
                      : HostTensor.of(ones, spec.shape().getShape()));
            });
    return ParameterValues.of(network(golden), tensors);
  }

  private static List<String> given(GoldenCase golden) {
    return golden.tensors().stream()
        .filter(name -> name.startsWith("old."))
        .map(name -> name.substring("old.".length()))
        .toList();
  }

  // The layers whose tensors the case has, on an image that the convolutions leave one pixel of for
  // each channel and place that the fully connected layer takes.
  private static Network network(GoldenCase golden) {
    SortedMap<Integer, String> layers = new TreeMap<>();
    given(golden)
        .forEach(name -> layers.put(Integer.parseInt(name.substring(0, name.indexOf('.'))), name));
    Network.Builder network = Network.builder(image(golden));
    network.append("scale", new Elementwise(Elementwise.Kind.DIVIDE, new Shape(1, 1, 1)));
    for (int layer : layers.keySet()) {
      Shape weight = golden.tensor("old." + layer + ".weight").shape();
      boolean bias = golden.has("old." + layer + ".bias");
      switch (weight.dimension()) {
        case 4 -> network.append(String.valueOf(layer), convolution(weight, bias));
        case 2 -> {
          network.append("flatten", new Flatten());
          network.append(
              String.valueOf(layer), new Linear((int) weight.get(1), (int) weight.get(0), bias));
        }
        default ->
            network.append(String.valueOf(layer), new BatchNorm((int) weight.get(0), 1e-5, 0.1));
      }
    }
    return network.build();
  }

  private static Conv2d convolution(Shape weight, boolean bias) {
    Extent kernel = new Extent((int) weight.get(2), (int) weight.get(3));
    return new Conv2d(
        (int) weight.get(1), (int) weight.get(0), kernel, Extent.square(1), Extent.square(0), bias);
  }

  private static Shape image(GoldenCase golden) {
    List<Shape> weights =
        given(golden).stream()
            .filter(name -> name.endsWith(".weight"))
            .map(name -> golden.tensor("old." + name).shape())
            .toList();
    List<Shape> kernels = weights.stream().filter(shape -> shape.dimension() == 4).toList();
    Shape last = weights.get(weights.size() - 1);
    long pixels = last.get(1) / kernels.get(kernels.size() - 1).get(0);
    long side = (long) Math.sqrt((double) pixels);
    long height = side * side == pixels ? side : 1;
    long lost = kernels.stream().mapToLong(shape -> shape.get(2) - 1).sum();
    long lostAcross = kernels.stream().mapToLong(shape -> shape.get(3) - 1).sum();
    return new Shape(kernels.get(0).get(1), height + lost, pixels / height + lostAcross);
  }
}

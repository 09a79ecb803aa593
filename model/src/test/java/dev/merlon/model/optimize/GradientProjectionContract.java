package dev.merlon.model.optimize;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.ProjectionSettings;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Elementwise;
import dev.merlon.model.network.Flatten;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merged branches against golden numbers. */
abstract class GradientProjectionContract {
  private static final String CONSTANT = "scale.constant";
  private static final String VARIANCE = "1.running_var";

  abstract GoldenCase golden();

  @ParameterizedTest
  @CsvSource({
    "0.5, COSINE, new",
    "0.3, COSINE, new",
    "0.5, ORTHOGONAL, orthogonal_variant.new",
    "0.3, ORTHOGONAL, orthogonal_variant.new"
  })
  void merge_branches_areTheGoldenTensors(
      double beta, ProjectionSettings.Form form, String variant) {
    GradientProjection.Merged merged = merge(new GradientProjection(beta, form));
    merged
        .values()
        .tensors()
        .forEach(
            (name, value) -> {
              if (golden().has("old." + name)) {
                HostTensor expected = golden().tensor("beta" + beta + "." + variant + "." + name);
                assertThat(value.shape()).isEqualTo(expected.shape());
                assertClose(name, value.toDoubles(), expected.toDoubles());
              }
            });
  }

  @Test
  void merge_cosines_areTheGoldenOnesAndZeroForNoChange() {
    GradientProjection.Merged merged =
        merge(new GradientProjection(0.5, ProjectionSettings.Form.COSINE));
    merged
        .cosines()
        .forEach(
            (name, cosine) -> {
              double expected =
                  golden().has("old." + name) ? golden().number("cosine_per_tensor", name) : 0;
              assertClose(name, cosine, expected, 1);
            });
    assertThat(merged.cosines().keySet())
        .containsExactlyElementsOf(
            network().parameters().keySet().stream()
                .filter(name -> !name.equals(CONSTANT))
                .toList());
    assertThat(merged.cosines()).containsEntry("5.bias", 0.0);
  }

  @ParameterizedTest
  @CsvSource({"COSINE", "ORTHOGONAL"})
  void merge_weightZero_isTheCertifiedBranchToRounding(ProjectionSettings.Form form) {
    ParameterValues merged = merge(new GradientProjection(0, form)).values();
    merged
        .tensors()
        .forEach(
            (name, value) ->
                assertClose(name, value.toDoubles(), values("certified").get(name).toDoubles()));
  }

  @Test
  void merge_float32Branches_areMergedInFloat64AndRoundedOnce() {
    GradientProjection projection = new GradientProjection(0.3, ProjectionSettings.Form.ORTHOGONAL);
    ParameterValues start = values("old").as(DataType.FLOAT32);
    ParameterValues natural = values("natural").as(DataType.FLOAT32);
    ParameterValues certified = values("certified").as(DataType.FLOAT32);
    ParameterValues merged = projection.merge(network(), start, natural, certified).values();
    ParameterValues wide =
        projection
            .merge(
                network(),
                start.as(DataType.FLOAT64),
                natural.as(DataType.FLOAT64),
                certified.as(DataType.FLOAT64))
            .values();
    assertThat(merged).isEqualTo(wide.as(DataType.FLOAT32));
    assertThat(projection.merge(network(), start, natural, certified).values()).isEqualTo(merged);
  }

  // An orthogonal projection spreads a long change over elements that hardly changed.
  @Test
  void merge_projectionBelowZero_keepsVariancesThatWereMeasured() {
    double[][] branches = {{1, 10, 10, 10}, {1, 5, 5, 5}, {0.5, 9.5, 9.5, 9.5}};
    ParameterValues[] values = new ParameterValues[3];
    for (int i = 0; i < 3; i++) {
      Map<String, HostTensor> tensors = new LinkedHashMap<>(values("old").tensors());
      tensors.put(VARIANCE, HostTensor.of(branches[i], 4));
      values[i] = ParameterValues.of(network(), tensors);
    }
    double[] merged =
        new GradientProjection(0.9, ProjectionSettings.Form.ORTHOGONAL)
            .merge(network(), values[0], values[1], values[2])
            .values()
            .get(VARIANCE)
            .toDoubles();
    // 10 - 0.9 * 3.75 - 0.1 * 0.5, which would be below 0 for the first.
    assertThat(merged)
        .containsExactly(new double[] {0.5, 6.575, 6.575, 6.575}, Offset.offset(1e-9));
  }

  private GradientProjection.Merged merge(GradientProjection projection) {
    return projection.merge(network(), values("old"), values("natural"), values("certified"));
  }

  // What the case has no branches of did not change.
  private ParameterValues values(String branch) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    network()
        .parameters()
        .forEach(
            (name, spec) -> {
              double[] ones = new double[Math.toIntExact(spec.shape().size())];
              Arrays.fill(ones, 1);
              tensors.put(
                  name,
                  golden().has("old." + name)
                      ? golden().tensor(branch + "." + name)
                      : HostTensor.of(ones, spec.shape().getShape()));
            });
    return ParameterValues.of(network(), tensors);
  }

  private static Network network() {
    Network.Builder network = Network.builder(new Shape(1, 4, 4));
    network.append("scale", new Elementwise(Elementwise.Kind.DIVIDE, new Shape(1, 1, 1)));
    network.append(
        "0", new Conv2d(1, 4, Extent.square(3), Extent.square(1), Extent.square(0), true));
    network.append("1", new BatchNorm(4, 1e-5, 0.1));
    network.append("flatten", new Flatten());
    network.append("5", new Linear(16, 10, true));
    return network.build();
  }
}

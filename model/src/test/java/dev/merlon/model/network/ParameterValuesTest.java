package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParameterValuesTest {
  private static final HostTensor WEIGHT = HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2);
  private static final HostTensor BIAS = HostTensor.of(new float[] {5, 6}, 2);

  @Test
  void of_anyOrder_becomesTheNetworksOrder() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("logits.bias", BIAS);
    tensors.put("logits.weight", WEIGHT);
    assertThat(ParameterValues.of(network(), tensors).tensors().keySet())
        .containsExactly("logits.weight", "logits.bias");
  }

  @Test
  void of_missingTensor_namesIt() {
    refused(Map.of("logits.weight", WEIGHT), "'logits.bias' is missing");
  }

  @Test
  void of_otherShape_namesBothShapes() {
    refused(Map.of("logits.weight", WEIGHT, "logits.bias", WEIGHT), "(2, 2)");
  }

  @Test
  void of_surplusTensor_isRefused() {
    refused(Map.of("logits.weight", WEIGHT, "logits.bias", BIAS, "other", BIAS), "3 tensors");
  }

  @Test
  void as_otherType_convertsEveryTensor() {
    ParameterValues values =
        ParameterValues.of(network(), Map.of("logits.weight", WEIGHT, "logits.bias", BIAS));
    assertThat(values.as(DataType.FLOAT64).get("logits.bias").type()).isEqualTo(DataType.FLOAT64);
    assertThat(values.as(DataType.FLOAT64).as(DataType.FLOAT32)).isEqualTo(values);
  }

  private static void refused(Map<String, HostTensor> tensors, String why) {
    assertThatThrownBy(() -> ParameterValues.of(network(), tensors))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(why);
  }

  private static Network network() {
    Network.Builder builder = Network.builder(new Shape(2));
    builder.append("logits", new Linear(2, 2, true));
    return builder.build();
  }
}

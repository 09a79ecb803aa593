package dev.merlon.config.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.Presets;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.LayerSettings.Conv;
import dev.merlon.config.network.LayerSettings.LeakyRelu;
import dev.merlon.config.network.LayerSettings.Linear;
import dev.merlon.config.network.LayerSettings.MaxPool;
import dev.merlon.config.network.LayerSettings.Plain;
import dev.merlon.config.network.LayerSettings.Residual;
import dev.merlon.config.network.LayerSettings.Sliding;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerSettingsTest {
  private static final String EVERYTHING =
      "[{conv {out = 8, kernel = [5, 3], stride = 2, padding = [2, 1], dilation = 2, groups = 4,"
          + " bias = false}}, batch-norm, relu, {max-pool {kernel = 2}}, {average-pool {kernel = 3,"
          + " stride = 1, padding = 1, count-padding = true}}, {leaky-relu {slope = 0.2}},"
          + " leaky-relu, {residual {body = [{conv {out = 8, kernel = 1}}, tanh], shortcut ="
          + " [sigmoid]}}, global-average-pool, flatten, {linear {out = 5, bias = false}}, {linear"
          + " {out = classes}}]";

  @Test
  void parse_shortList_givesItsLayers() {
    assertThat(
            layers(
                "[{conv {out = 16, kernel = 5, stride = 2, padding = 2}}, {max-pool {kernel = 3}},"
                    + " relu, {leaky-relu {}}, flatten, {residual {body = [relu]}}, {linear {out ="
                    + " classes}}]"))
        .containsExactly(
            new Conv(16, Sliding.square(5, 2, 2), Size.square(1), 1, true),
            new MaxPool(Sliding.square(3, 3, 0)),
            Plain.RELU,
            new LeakyRelu(0.01),
            Plain.FLATTEN,
            new Residual(List.of(Plain.RELU), List.of()),
            new Linear(OptionalInt.empty(), true));
  }

  @Test
  void render_everyKind_isReadBackTheSame() {
    RunSettings settings = parse(EVERYTHING);
    String rendered = settings.render();
    RunSettings again = Settings.parse(rendered, "again", List.of());
    assertThat(again).isEqualTo(settings);
    assertThat(again.render()).isEqualTo(rendered);
    assertThat(again.digest()).isEqualTo(settings.digest());
    assertThat(rendered).contains("  layers = " + EVERYTHING + "\n");
  }

  @Test
  void render_layers_leavesThePresetOut() {
    assertThat(parse("[relu]").render())
        .contains("network {\n  layers = [relu]\n  mean")
        .doesNotContain("preset")
        .doesNotContain("width");
  }

  @Test
  void render_preset_knowsNothingOfLayers() {
    assertThat(Presets.load("demo").render()).doesNotContain("layers");
  }

  @Test
  void load_layersOnTheCommandLine_areRead() {
    RunSettings settings =
        Settings.load("demo", List.of("network.layers=[flatten, {linear {out = classes}}]"));
    assertThat(settings.network().architecture())
        .isEqualTo(
            new NetworkSettings.Layers(
                List.of(Plain.FLATTEN, new Linear(OptionalInt.empty(), true))));
    assertThat(settings.network().name()).isEqualTo("own layers");
  }

  @Test
  void load_presetBesideLayers_isRefused() {
    assertThatThrownBy(
            () -> Settings.load("demo", List.of("network.layers=[flatten]", "network.preset=cnn5")))
        .hasMessageContaining("network.preset has no effect");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[relu, batchnorm]|network.layers layer 2 is batchnorm: did you mean batch-norm?",
        "[{convv {out = 1}}]|network.layers layer 1 is convv: did you mean conv?",
        "[zzzzzzzzzzz]|network.layers layer 1 is zzzzzzzzzzz: unknown (known: conv, linear,",
        "[{conv {out = 1}}]|network.layers layer 1 (conv): kernel is missing",
        "[relu, {conv {kernel = 3}}]|network.layers layer 2 (conv): out is missing",
        "[{conv {out = 1, kernel = 3, strides = 2}}]"
            + "|layer 1 (conv): strides is no key here: did you mean stride?",
        "[{conv {out = 0, kernel = 3}}]|layer 1 (conv): out is 0: must lie between 1 and 65536",
        "[{conv {out = x, kernel = 3}}]|layer 1 (conv): out is \"x\": must be a whole number",
        "[{conv {out = 1, kernel = [3, 0]}}]|layer 1 (conv): kernel is [3, 0]: must lie between 1",
        "[{conv {out = 1, kernel = [3]}}]|kernel is [3]: must be a whole number, or height and",
        "[{conv {out = 1, kernel = 3, padding = -1}}]|layer 1 (conv): padding is -1: must lie",
        "[{conv {out = 1, kernel = 3, stride = 0}}]|layer 1 (conv): stride is 0: must lie",
        "[{conv {out = 1, kernel = 3, bias = maybe}}]|bias is \"maybe\": must be true or false",
        "[{leaky-relu {slope = 1}}]|layer 1 (leaky-relu): slope is 1.0: must be at least 0 and below",
        "[{relu {slope = 1}}]|layer 1 (relu): slope is no key here",
        "[{residual {}}]|layer 1 (residual): body has no layers",
        "[relu, {residual {body = [relu, {conv {out = 1}}]}}]"
            + "|layer 2 (residual): body layer 2 (conv): kernel is missing",
        "[{residual {body = relu}}]|layer 1 (residual): body is \"relu\": must be a list of layers",
        "[{conv {out = 1, kernel = 1}, linear {out = 1}}]|layer 1 is {",
        "[{conv = 3}]|layer 1 is {\"conv\":3}: must be a kind such as relu",
        "[3]|layer 1 is 3: must be a kind such as relu",
        "{conv {out = 1}}|network.layers"
      })
  void parse_layerThatIsNotUnderstood_isNamed(String layers, String message) {
    assertThatThrownBy(() -> parse(layers))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> {
              assertThat(e.failure()).isInstanceOf(Failure.Configuration.class);
              assertThat(e.failure().message()).doesNotContain("\n");
            })
        .hasMessageContaining(message);
  }

  @Test
  void parse_layerThatIsNotUnderstood_namesItsPlace() {
    assertThatThrownBy(() -> parse("[relu, batchnorm]")).hasMessageContaining("(test: 1)");
  }

  private static List<LayerSettings> layers(String text) {
    return ((NetworkSettings.Layers) parse(text).network().architecture()).layers();
  }

  private static RunSettings parse(String layers) {
    return Settings.parse("network.layers = " + layers, "test", List.of());
  }
}

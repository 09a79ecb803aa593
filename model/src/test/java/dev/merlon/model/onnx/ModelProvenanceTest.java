package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.graph.OnnxFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelProvenanceTest {
  private static final SampleModel MODEL = SampleModel.preset(NetworkPreset.MLP, false);

  @Test
  void notes_ofARun_sayHowItWasTrainedAndNothingElse() {
    RunSettings run = load("objective.kind=sabr", "schedule.norm=linf", "schedule.eps-train=2/255");

    assertThat(ModelProvenance.notes(run, "abc", "def", true))
        .containsExactly(
            entry("merlon.format", OnnxFormat.PRODUCER_VERSION),
            entry("merlon.objective", "sabr"),
            entry("merlon.threats", "linf:2/255"),
            entry("merlon.settings", "abc"),
            entry("merlon.data", "def"),
            entry("merlon.weights", "averaged"));
  }

  @Test
  void notes_ofARunAgainstSeveralNorms_nameEach() {
    RunSettings run = load("objective.kind=cure-joint", "objective.threats=linf:0.1,l2:0.5,l1:1");

    assertThat(ModelProvenance.notes(run, "abc", "def", false))
        .containsEntry("merlon.objective", "cure-joint")
        .containsEntry("merlon.threats", "linf:0.1, l2:0.5, l1:1")
        .doesNotContainKey("merlon.weights");
  }

  @Test
  void notes_ofNaturalTraining_nameNoSet() {
    assertThat(ModelProvenance.notes(load("objective.kind=natural"), "abc", "def", false))
        .containsEntry("merlon.objective", "natural")
        .doesNotContainKey("merlon.threats");
  }

  @Test
  void of_aFileWithNotes_readsWhatWasWritten() {
    Map<String, String> notes =
        ModelProvenance.notes(load("objective.kind=ibp"), "abc", "def", true);
    byte[] file = OnnxExport.bytes(MODEL.network(), MODEL.values(), notes);

    ImportedModel imported = OnnxImport.parse(file, "m");

    assertThat(imported.network()).isEqualTo(MODEL.asStored());
    assertThat(imported.warnings()).isEmpty();
    assertThat(ModelProvenance.of(imported).settings()).contains("abc");
    assertThat(ModelProvenance.of(imported).data()).contains("def");
    assertThat(ModelProvenance.of(imported).weights()).contains("averaged");
  }

  private static RunSettings load(String... overrides) {
    return Settings.load("demo", List.of(overrides));
  }
}

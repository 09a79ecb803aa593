package dev.merlon.model.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.network.Initialisation;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertyFactsTest {
  @TempDir Path folder;

  @Test
  void record_whatAFailedRungLeftOpen_isAskedAnew() {
    assertThat(knownAfter(Outcome.Unknown.failed(Rung.BAB, "it broke"))).isEmpty();
  }

  @Test
  void record_whatWasTriedInVain_isNotAskedAgain() {
    Outcome inVain = new Outcome.Unknown(Rung.BAB, "no rung proved or refuted it");

    assertThat(knownAfter(inVain)).contains(inVain);
  }

  private Optional<Outcome> knownAfter(Outcome answer) {
    Effort effort =
        Effort.of(StoreExamples.EVERY, AttackStrength.QUICK.attack(), 0, Duration.ofSeconds(1));
    try (CertificateStore store =
        CertificateStore.open(folder.resolve("facts.db"), StoreExamples.MERLON)) {
      PropertyFacts facts = store.about(model(), "cd".repeat(32), effort);

      assertThat(facts.record(answer, Duration.ofMillis(5))).isEmpty();

      return facts.known(x -> Optional.empty()).answer();
    }
  }

  private static ImportedModel model() {
    Network network =
        Architectures.build(
            new NetworkSettings(NetworkPreset.CNN3, 2, false, List.of(), List.of()),
            0.1,
            new Shape(1, 8, 8),
            3);
    byte[] file =
        OnnxExport.bytes(
            network, new Initialiser(Initialisation.IBP).draw(network, 1), Map.of("name", "tiny"));
    return OnnxImport.parse(file, "tiny.onnx");
  }
}

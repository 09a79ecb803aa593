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
import dev.merlon.model.verify.vnnlib.Witness;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertyFactsTest {
  private static final Witness WITNESS =
      new Witness(List.of(new BigDecimal("0.5")), List.of(BigDecimal.ONE));

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

  @Test
  void known_whereLessWasTried_isAskedAnew() {
    Outcome inVain = new Outcome.Unknown(Rung.BAB, "no rung proved or refuted it");
    try (CertificateStore store = open()) {
      about(store, 1000).record(inVain, Duration.ZERO);

      assertThat(answer(about(store, 999))).contains(inVain);
      assertThat(answer(about(store, 1001))).isEmpty();
    }
  }

  @Test
  void known_witness_onlyOnceItIsConfirmedAgain() {
    try (CertificateStore store = open()) {
      about(store, 1000).record(new Outcome.Refuted(Rung.PGD, WITNESS, "found"), Duration.ZERO);

      assertThat(answer(about(store, 1000))).isEmpty();
      List<Double> asked = new ArrayList<>();
      Optional<Outcome> known =
          about(store, 1000)
              .known(
                  x -> {
                    asked.add(x[0]);
                    return Optional.of(WITNESS);
                  })
              .answer();
      assertThat(asked).containsExactly(0.5);
      assertThat(known).contains(new Outcome.Refuted(Rung.PGD, WITNESS, "known before"));
    }
  }

  @Test
  void record_whatContradictsWhatIsKnown_isAConflictNowAndLater() {
    try (CertificateStore store = open()) {
      about(store, 1000).record(new Outcome.Refuted(Rung.PGD, WITNESS, "found"), Duration.ZERO);

      Optional<String> conflict =
          about(store, 1000).record(new Outcome.Excluded(Rung.BAB, "all"), Duration.ZERO);

      assertThat(conflict.orElseThrow()).contains("falsified by pgd", "but certified by bab");
      PropertyFacts.Known known = about(store, 1000).known(x -> Optional.of(WITNESS));
      assertThat(known.conflict()).isEqualTo(conflict);
      assertThat(known.answer()).isEmpty();
    }
  }

  private CertificateStore open() {
    return CertificateStore.open(folder.resolve("facts.db"), StoreExamples.MERLON);
  }

  private static Optional<Outcome> answer(PropertyFacts facts) {
    return facts.known(x -> Optional.empty()).answer();
  }

  private static PropertyFacts about(CertificateStore store, long millis) {
    Effort effort =
        Effort.of(StoreExamples.EVERY, AttackStrength.QUICK.attack(), 0, Duration.ofMillis(millis));
    return store.about(model(), "cd".repeat(32), effort);
  }

  private Optional<Outcome> knownAfter(Outcome answer) {
    try (CertificateStore store = open()) {
      assertThat(about(store, 1000).record(answer, Duration.ofMillis(5))).isEmpty();

      return answer(about(store, 1000));
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

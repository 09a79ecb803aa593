package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The published instance, which has a counterexample. */
class PropertyVerifierGoldenTest {
  @Test
  void verify_publishedInstance_isSat() {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/mnist-net_256x2.onnx"));
    VnnLibProperty property = VnnLib.read(folder.resolve("vnnlib/prop_0_0.03.vnnlib"));

    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS)) {
      PropertyAnswer answer = verifier.verify(property, PropertyNetworks.effort(0), () -> false);

      assertThat(answer.word()).isEqualTo(PropertyAnswer.Word.SAT);
      assertThat(answer.witness().orElseThrow().violates(property)).isTrue();
    }
  }
}

package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.config.AttackSettings;
import dev.merlon.config.AttackStatistics;
import dev.merlon.config.EvaluationAttack;
import dev.merlon.config.StepDecay;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.bound.Margins;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published models under APGD and PGD on the cross-entropy, from the same kind of starts and with
 * equally many gradients: no accuracy is above PGD's. The figures are printed.
 */
class ApgdGoldenTest {
  private static final AttackSettings SETTINGS =
      new AttackSettings(
          50, 1, 0.2, new StepDecay(0.1, 0, List.of(0.5, 0.8, 0.9)), AttackStatistics.EVAL, true);

  @ParameterizedTest
  @CsvSource({
    "mnist-net_256x2, linf:0.05, l2:1, l1:8",
    "mnist_conv_small, linf:0.1, l2:1, l1:8",
    "mnist_bn, linf:0.1, l2:1, l1:8"
  })
  void search_publishedModels_leaveNoMoreImagesThanPgd(
      String name, String linf, String l2, String l1) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel model = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    Images images = Images.read(folder.resolve("inputs/mnist.json"));
    for (String threat : List.of(linf, l2, l1)) {
      try (Scope scope = Scope.open("test")) {
        NormBall set = NormBall.of(ThreatSpec.parse(threat), true);
        AttackSubject subject = images.subject(model, set, scope);
        int pgd =
            withstand(
                subject,
                EvaluationSearch.run(EvaluationAttack.pgd(SETTINGS), subject, starts(), scope));
        List<Apgd.Aim> aims = List.of(new Apgd.Aim(AttackLoss.CROSS_ENTROPY, 0));
        int apgd = withstand(subject, Apgd.search(aims, SETTINGS, subject, starts(), scope));
        System.out.printf(
            Locale.ROOT,
            "%s, %s: of %d images %d withstand PGD, %d APGD%n",
            name,
            threat,
            images.labels().length,
            pgd,
            apgd);
        assertThat(apgd).isLessThanOrEqualTo(pgd);
      }
    }
  }

  private static int withstand(AttackSubject subject, AttackResult found) {
    return Autograd.withoutGradients(
        () -> {
          NDArray logits = Concrete.logits(subject.live(), found.points());
          NDArray label =
              Margins.oneHot(
                  subject.labels(), subject.live().network().classes(), DataType.FLOAT32);
          double[] margins =
              HostTensor.copyOf(Margins.smallest(Margins.of(logits, label), label)).toDoubles();
          return (int) Arrays.stream(margins).filter(margin -> margin > 0).count();
        });
  }

  private static StartPoints starts() {
    return StartPoints.shared(CounterRandom.of(1, 0, 0, CounterRandom.Role.ADAPTIVE_ATTACK));
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Images(float[] pixels, int[] labels) {
    static Images read(Path description) throws IOException {
      JsonNode entry = new ObjectMapper().readTree(description.toFile());
      byte[] bytes = Files.readAllBytes(description.resolveSibling(entry.path("file").asText()));
      float[] pixels = new float[bytes.length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) ((bytes[i] & 0xff) / 255.0);
      }
      int[] labels = new int[entry.path("labels").size()];
      Arrays.setAll(labels, n -> entry.path("labels").get(n).asInt());
      return new Images(pixels, labels);
    }

    AttackSubject subject(ImportedModel model, NormBall set, Scope scope) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT32, scope);
      Shape shape = new Shape(labels.length).addAll(model.network().inputShape());
      NDArray x = scope.tensor(pixels, DataType.FLOAT32, shape.getShape());
      return new AttackSubject(live, x, scope.labels(labels), set);
    }
  }
}

package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Published models under APGD and PGD on the cross-entropy, from the same kind of starts and with
 * equally many gradients: APGD leaves no more images of a model than PGD. The figures are printed.
 */
class ApgdGoldenTest {
  private static final AttackSettings SETTINGS =
      new AttackSettings(
          50, 1, 0.2, new StepDecay(0.1, 0, List.of(0.5, 0.8, 0.9)), AttackStatistics.EVAL, true);
  private static final EvaluationAttack PGD = EvaluationAttack.pgd(SETTINGS);
  private static final double L1_OF_L2 = 8;
  // Models, the smallest ones: a matter of time.
  private static final int MODELS = 4;

  static List<PublishedModel> models() {
    return PublishedModel.smallest(PublishedFolder.found().questions(), MODELS);
  }

  @ParameterizedTest
  @MethodSource("models")
  void search_publishedModels_leaveNoMoreImagesThanPgd(PublishedModel asked) {
    ImportedModel model = asked.read();
    int pgd = 0;
    int apgd = 0;
    int images = 0;
    for (NormBall set : sets(asked)) {
      try (Scope scope = Scope.open("test")) {
        AttackSubject subject = subject(asked, model, set, scope);
        int one = withstand(subject, EvaluationSearch.run(PGD, subject, starts(), scope));
        List<Apgd.Aim> aims = List.of(new Apgd.Aim(AttackLoss.CROSS_ENTROPY, 0));
        int other = withstand(subject, Apgd.search(aims, SETTINGS, subject, starts(), scope));
        int all = Math.toIntExact(subject.labels().size());
        System.out.printf(
            Locale.ROOT,
            "%s, %s: of %d images %d withstand PGD, %d APGD%n",
            asked,
            set,
            all,
            one,
            other);
        images += all;
        pgd += one;
        apgd += other;
      }
    }
    assertThat(pgd).as("images that withstand PGD").isLessThan(images);
    assertThat(apgd).isLessThanOrEqualTo(pgd);
  }

  // The largest radius that the folder asks about in each norm, where attacks find something.
  private static List<NormBall> sets(PublishedModel asked) {
    Map<Norm, Double> largest = new LinkedHashMap<>();
    for (JsonNode question : asked.cases()) {
      NormBall set = PublishedFolder.set(question);
      largest.merge(set.norm(), set.eps(), Math::max);
    }
    Double euclidean = largest.get(Norm.of("l2"));
    if (euclidean != null) {
      largest.put(Norm.of("l1"), L1_OF_L2 * euclidean);
    }
    return largest.entrySet().stream()
        .map(entry -> new NormBall(entry.getKey(), entry.getValue(), true))
        .toList();
  }

  private static AttackSubject subject(
      PublishedModel asked, ImportedModel model, NormBall set, Scope scope) {
    Shape sample = model.network().inputShape();
    PublishedInputs inputs = asked.folder().inputs(asked.cases().get(0).path("inputs").asText());
    int[] labels = inputs.indices().map(inputs::label).toArray();
    float[] pixels = new float[Math.toIntExact(labels.length * sample.size())];
    int next = 0;
    for (int index : inputs.indices().toArray()) {
      for (float pixel : inputs.floats(index, sample)) {
        pixels[next++] = pixel;
      }
    }
    LiveNetwork live =
        LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT32, scope);
    Shape shape = new Shape(labels.length).addAll(sample);
    NDArray x = scope.tensor(pixels, DataType.FLOAT32, shape.getShape());
    return new AttackSubject(live, x, scope.labels(labels), set);
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
}

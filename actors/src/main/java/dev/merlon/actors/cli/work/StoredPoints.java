package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.store.KnownVerdict;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Confirms the counterexamples that are kept about a model once more: that ONNX Runtime sees
 * another class there. Whether they lie in their sets cannot be said without the inputs, which are
 * not kept.
 */
final class StoredPoints {
  private StoredPoints() {}

  /**
   * What came out for one model.
   *
   * @param confirmed counterexamples that still are
   * @param lost counterexamples whose point now gets its label
   * @param skipped counterexamples of the model behind something that is done to its inputs
   */
  record Result(String model, int confirmed, int lost, int skipped) {
    boolean good() {
      return lost == 0;
    }

    String words() {
      return model
          + ": "
          + Amounts.count(confirmed, "counterexample")
          + " confirmed"
          + (lost > 0 ? ", " + lost + " no longer" : "")
          + (skipped > 0 ? ", " + skipped + " left out, whose inputs are changed before" : "");
    }

    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("model", model);
      fields.put("confirmed", confirmed);
      fields.put("lost", lost);
      fields.put("skipped", skipped);
      return fields;
    }
  }

  /**
   * Confirms points.
   *
   * @throws MerlonException when ONNX Runtime refuses the model
   */
  static Result confirm(ImportedModel model, List<KnownVerdict> known) {
    Map<ModelUse, List<KnownVerdict>> byUse =
        known.stream()
            .filter(verdict -> verdict.point().isPresent() && !verdict.about().isProperty())
            .collect(Collectors.groupingBy(verdict -> verdict.about().use()));
    int confirmed = 0;
    int lost = 0;
    int skipped = 0;
    for (Map.Entry<ModelUse, List<KnownVerdict>> some : byUse.entrySet()) {
      int points = some.getValue().size();
      if (some.getKey().input().isPresent()) {
        skipped += points;
      } else {
        ImportedModel classifier = model.classifying(some.getKey().threshold());
        int still = counterexamples(classifier, some.getValue());
        confirmed += still;
        lost += points - still;
      }
    }
    return new Result(model.name(), confirmed, lost, skipped);
  }

  private static int counterexamples(ImportedModel classifier, List<KnownVerdict> known) {
    long length = classifier.network().inputShape().size();
    int still = 0;
    try (RuntimePredictor predictor = RuntimePredictor.open(classifier, 1)) {
      for (KnownVerdict verdict : known) {
        float[] point = verdict.point().orElseThrow();
        boolean other =
            point.length == length && predictor.classes(point, 1)[0] != verdict.about().label();
        still += other ? 1 : 0;
      }
    }
    return still;
  }
}

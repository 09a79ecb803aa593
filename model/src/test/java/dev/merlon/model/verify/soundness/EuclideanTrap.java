package dev.merlon.model.verify.soundness;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Euclidean balls around inputs of models whose normalisation is part of the graph. A verifier that
 * loses the ball at the normalisation certifies all of them. The argument is empty for a small
 * model of our own, else the folder of published ones; the result is the verdicts' words.
 */
public final class EuclideanTrap implements Function<String, String> {
  // At (0.6, 0.6, 0.6, 0.6) the class changes at distance 0.19875.
  private static final double[] RADII = {0.19, 0.2, 0.25, 0.5, 1};

  /** For the loader of planted code. */
  public EuclideanTrap() {}

  @Override
  public String apply(String folder) {
    List<Verdict> verdicts =
        folder.isEmpty() ? own() : published(PublishedFolder.at(Path.of(folder)));
    return verdicts.stream().map(each -> each.kind().word()).collect(Collectors.joining(" "));
  }

  private static List<Verdict> own() {
    float[] x = new float[4];
    Arrays.fill(x, 0.6f);
    return answers(
        model(),
        List.of(Rung.values()),
        Arrays.stream(RADII).mapToObj(eps -> query(x, 0, eps)).toList());
  }

  // Logits (relu(sum of (x - 0.5) / 0.25), 0.01).
  private static ImportedModel model() {
    Network.Builder builder = Network.builder(new Shape(1, 2, 2));
    builder.append("normalize", new Normalize(List.of(0.5), List.of(0.25)));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(4, 1, true));
    builder.append("relu", new Relu());
    builder.append("logits", new Linear(1, 2, true));
    Network network = builder.build();
    ParameterValues values =
        ParameterValues.of(
            network,
            Map.of(
                "hidden.weight", HostTensor.of(new float[] {1, 1, 1, 1}, 1, 4),
                "hidden.bias", HostTensor.of(new float[] {0}, 1),
                "logits.weight", HostTensor.of(new float[] {1, 0}, 2, 1),
                "logits.bias", HostTensor.of(new float[] {0, 0.01f}, 2)));
    return OnnxImport.parse(OnnxExport.bytes(network, values, Map.of()), "trap");
  }

  // Of the published Euclidean questions those whose property is known to be false, about models
  // that normalise their input themselves.
  private static List<Verdict> published(PublishedFolder folder) {
    List<Verdict> verdicts = new ArrayList<>();
    for (PublishedModel asked : folder.questions()) {
      ImportedModel model = asked.read();
      if (normalises(model)) {
        List<Query> queries =
            asked.cases().stream()
                .filter(question -> PublishedFolder.set(question).norm().equals(Norm.of("l2")))
                .filter(question -> folder.verdict(question).equals("counterexample"))
                .map(question -> query(folder, question, model.network().inputShape()))
                .toList();
        verdicts.addAll(answers(model, List.of(Rung.IBP, Rung.CROWN_IBP, Rung.PGD), queries));
      }
    }
    return verdicts;
  }

  private static boolean normalises(ImportedModel model) {
    return model.network().nodes().stream().anyMatch(n -> n.operation() instanceof Normalize);
  }

  private static Query query(PublishedFolder folder, JsonNode question, Shape shape) {
    int index = question.path("index").asInt();
    return Query.of(
        index,
        folder.inputs(question.path("inputs").asText()).floats(index, shape),
        question.path("label").asInt(),
        new Question(PublishedFolder.set(question), Guarantee.REAL));
  }

  private static List<Verdict> answers(ImportedModel model, List<Rung> rungs, List<Query> queries) {
    try (Verifier verifier = VerifierSuite.open(model)) {
      return verifier.verify(queries, VerifierSuite.effort(rungs));
    }
  }

  private static Query query(float[] x, int label, double eps) {
    NormBall ball = new NormBall(Norm.of("l2"), eps, false);
    return Query.of(0, x, label, new Question(ball, Guarantee.REAL));
  }
}

package dev.merlon.model.verify;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Ladder;
import dev.merlon.model.verify.property.PropertyAnswer;
import dev.merlon.model.verify.property.PropertyVerifier;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The verifier of one model file, which has to have at least two classes for queries: predictions
 * by the file itself, bounds in float64 on the graph read from it. Owns its tensors and its
 * predictor; not thread-safe.
 */
public final class LadderVerifier implements Verifier {
  private final OpenModel model;
  private final Limits limits;
  private final LongSupplier nanoTime;

  private LadderVerifier(OpenModel model, Limits limits, LongSupplier nanoTime) {
    this.model = model;
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /**
   * Opens a model file, predicting with ONNX Runtime, and checks that the runtime and the imported
   * graph are the same function.
   *
   * @throws MerlonException (model format) when the runtime refuses the file or disagrees with its
   *     imported graph, or (configuration) when it is too large for the memory
   */
  public static LadderVerifier open(ImportedModel model, Limits limits) {
    RuntimePredictor predictor = RuntimePredictor.open(model, limits.threads());
    return open(
        ModelKey.of(model), model.network(), model.values(), predictor, limits, System::nanoTime);
  }

  /**
   * As above.
   *
   * @param predictor the file itself; owned, and closed even if opening fails
   */
  static LadderVerifier open(
      ModelKey key,
      Network network,
      ParameterValues values,
      Predictor predictor,
      Limits limits,
      LongSupplier nanoTime) {
    try {
      limits.requireRoom(network);
    } catch (RuntimeException | Error failed) {
      predictor.close();
      throw failed;
    }
    return new LadderVerifier(OpenModel.open(key, network, values, predictor), limits, nanoTime);
  }

  // What has no other class keeps its label whatever happens to it: nothing to certify or attack.
  private static void requireClasses(Network network) {
    if (network.classes() < 2) {
      throw new MerlonException(
          new Failure.Configuration(
              "A model with one output has no classes to tell apart",
              "Compare its output with a threshold."));
    }
  }

  @Override
  public Answers verify(List<PendingQuery> slice, Effort effort, BooleanSupplier stop) {
    requireClasses(model.network());
    slice.stream().map(one -> one.query().guarantee()).distinct().forEach(this::requirePossible);
    List<OpenQuery> all = new ArrayList<>(slice.size());
    for (PendingQuery pending : slice) {
      OpenQuery open = new OpenQuery(pending, effort.proofs());
      Optional<String> problem =
          Inputs.problem(pending.query(), model.network().inputShape(), model.classes());
      problem.ifPresent(reason -> open.end(new Outcome.Unknown(Rung.PREDICT, reason)));
      all.add(open);
    }
    Clock clock = new Clock(effort.timeout().toNanos(), nanoTime, stop);
    List<RungStep> steps = new RungSteps(model, limits, effort, clock).due();
    new Ladder<>(steps, clock).climb(all);
    return answers(all, effort);
  }

  @Override
  public PropertyAnswer verify(VnnLibProperty property, Effort effort, BooleanSupplier stop) {
    Clock clock = new Clock(effort.timeout().toNanos(), nanoTime, stop);
    return new PropertyVerifier(model.wide(), model.predictor(), limits.memoryBytes())
        .verify(property, effort, clock);
  }

  private void requirePossible(Guarantee guarantee) {
    guarantee.requirePossible(model.network(), model.predictor().ending());
  }

  private static Answers answers(List<OpenQuery> all, Effort effort) {
    List<Answers.Answered> answered = new ArrayList<>();
    List<PendingQuery> left = new ArrayList<>();
    for (OpenQuery query : all) {
      if (query.isDone(effort)) {
        answered.add(new Answers.Answered(query.query(), query.verdict()));
      } else {
        left.add(query.pending());
      }
    }
    return new Answers(answered, left);
  }

  @Override
  public void close() {
    model.close();
  }
}

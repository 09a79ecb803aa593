package dev.merlon.model.verify;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.Ladder;
import dev.merlon.model.verify.property.PropertyVerifier;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
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
  public Answers verify(List<? extends Pending> slice, Effort effort, BooleanSupplier stop) {
    Clock clock = new Clock(effort.timeout().toNanos(), nanoTime, stop);
    List<PendingQuery> queries = of(PendingQuery.class, slice);
    List<Answers.Answered> answered = new ArrayList<>();
    List<Pending> left = new ArrayList<>();
    if (!queries.isEmpty()) {
      answer(queries, effort, clock, answered, left);
    }
    for (PendingProperty pending : of(PendingProperty.class, slice)) {
      PropertyVerifier.Reached reached =
          new PropertyVerifier(model.wide(), model.predictor(), limits.memoryBytes())
              .verify(pending.property(), pending.progress(), effort, clock);
      PendingProperty now = new PendingProperty(pending.property(), reached.progress());
      reached
          .outcome()
          .ifPresentOrElse(
              outcome -> answered.add(new Answers.Answered(now, outcome)), () -> left.add(now));
    }
    return new Answers(answered, left);
  }

  private static <P extends Pending> List<P> of(Class<P> kind, List<? extends Pending> slice) {
    return slice.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void answer(
      List<PendingQuery> slice,
      Effort effort,
      Clock clock,
      List<Answers.Answered> answered,
      List<Pending> left) {
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
    new Ladder<>(new RungSteps(model, limits, effort, clock).due(), clock).climb(all);
    for (OpenQuery query : all) {
      if (query.isDone(effort)) {
        answered.add(query.answered());
      } else {
        left.add(query.pending());
      }
    }
  }

  private void requirePossible(Guarantee guarantee) {
    guarantee.requirePossible(model.network(), model.predictor().ending());
  }

  @Override
  public void close() {
    model.close();
  }
}
